-- What is learned now about lists of before: in rupiah, by person, programme, list and cause.
-- In: counting, heard, holding, acts_back; kept over the quarters: paid_list, adjusted. Variables: arrived_by, as_of,
-- retroactive_quarters, transit_limit_days, scope_province.

-- What was so on the last day of each list: of what counts today and was true by then, the greatest. Nobody dies twice:
-- of what is said of life and death the greatest of all, whatever the day.
CREATE OR REPLACE TABLE so_then AS
SELECT l.quarter, l.last_day, h.*, c.grp
FROM (SELECT DISTINCT quarter, last_day FROM paid_list
      WHERE quarter >= getvariable('arrived_by') - getvariable('retroactive_quarters')) l
JOIN counting c ON c.grp IN ('vital', 'nik_status', 'residence', 'work')
JOIN heard h USING (nik, key)
WHERE (c.grp <> 'vital' OR (h.nik, h.key) IN (
          SELECT (v.nik, v.key) FROM counting cv JOIN heard v USING (nik, key) WHERE cv.grp = 'vital'
          QUALIFY row_number() OVER (PARTITION BY v.nik ORDER BY v.recorded_at DESC, v.event_id DESC,
                                     v.producer_number DESC) = 1))
  AND CASE WHEN c.grp = 'vital' AND h.contract = 'mati' THEN coalesce(h.tanggal_meninggal, h.effective_on)
           ELSE h.effective_on END <= l.last_day
QUALIFY row_number() OVER (
    PARTITION BY h.nik, c.grp, l.quarter
    ORDER BY CASE WHEN c.grp = 'work' THEN h.effective_on END DESC, h.recorded_at DESC, h.event_id DESC,
             h.producer_number DESC) = 1;

CREATE OR REPLACE TABLE stopped AS
SELECT nik, quarter, kategori AS occupation,
       CASE grp WHEN 'vital' THEN 'MENINGGAL' WHEN 'nik_status' THEN 'NONAKTIF'
                WHEN 'residence' THEN 'PINDAH_KELUAR' ELSE 'ASN' END AS cause
FROM so_then
WHERE CASE grp
    WHEN 'vital' THEN contract = 'mati'
    WHEN 'nik_status' THEN NOT aktif
    WHEN 'residence' THEN NOT starts_with(coalesce(kelurahan, kelurahan_asal), getvariable('scope_province'))
        OR (contract = 'pindah_keluar' AND last_day - effective_on > getvariable('transit_limit_days'))
    ELSE true END;

-- One cause counts for each line: the first that acts on its programme.
CREATE OR REPLACE TABLE not_due AS
SELECT p.nik, p.programme, p.quarter, s.cause, -p.rupiah AS rupiah, p.kab_kota
FROM paid_list p JOIN stopped s USING (nik, quarter)
JOIN acts_back a ON a.programme = p.programme AND a.cause = s.cause
     AND (a.cause <> 'ASN' OR list_contains(a.occupations, s.occupation))
QUALIFY row_number() OVER (PARTITION BY p.nik, p.programme, p.quarter ORDER BY a.place) = 1;

CREATE OR REPLACE TABLE adjustment AS
SELECT nik, programme, (quarter // 4) || '-Q' || (quarter % 4 + 1) AS concerns, quarter, cause,
       coalesce(n.rupiah, 0) - coalesce(s.so_far, 0) AS rupiah, coalesce(n.kab_kota, s.kab_kota) AS kab_kota
FROM not_due n
FULL JOIN (SELECT nik, programme, quarter, cause, sum(rupiah) AS so_far, any_value(kab_kota) AS kab_kota FROM adjusted
           WHERE quarter >= getvariable('arrived_by') - getvariable('retroactive_quarters') GROUP BY ALL) s
     USING (nik, programme, quarter, cause)
WHERE coalesce(n.rupiah, 0) <> coalesce(s.so_far, 0);

INSERT INTO adjusted SELECT nik, programme, quarter, cause, rupiah, kab_kota FROM adjustment;
INSERT INTO paid_list
    SELECT getvariable('arrived_by'), getvariable('as_of'), nik, programme, rupiah, kab_kota
    FROM holding WHERE state = 'ACTIVE' AND rupiah > 0;
