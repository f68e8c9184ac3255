-- Families as of a quarter: whose home was seen, the score, the desil.
-- In: person, latest, holding, points; variables of the rules.

-- Who is on a card and registered, in transit, or holds something.
CREATE OR REPLACE TABLE member AS
SELECT *, status IN ('TERDAFTAR', 'TRANSIT') AS listed, status = 'TRANSIT' AS transit
FROM person
WHERE no_kk IS NOT NULL AND (status IN ('TERDAFTAR', 'TRANSIT') OR nik IN (SELECT nik FROM holding));

-- A family lives where its head does; without a head, where its member with the smallest NIK does.
CREATE OR REPLACE TABLE home AS
SELECT no_kk, CASE WHEN hubungan = 1 THEN nik END AS head, kelurahan, alamat
FROM member WHERE present
QUALIFY row_number() OVER (PARTITION BY no_kk ORDER BY coalesce(hubungan = 1, false) DESC, nik) = 1;

-- Household facts travel with people: the latest made at the family's card or address, else its head's, else the
-- latest. Of visits that tell whether the address was found, those at the family's address, or on its card where
-- somebody was found.
CREATE OR REPLACE TABLE seen AS
SELECT m.no_kk AS family, home.head, m.nik AS witness_nik,
       seen_at(o.hasil_kontak, o.no_kk, o.kelurahan, o.alamat, m.no_kk, home.kelurahan, home.alamat)
           -- a member may live at another address than the head
           OR (o.grp <> 'field' AND seen_at(o.hasil_kontak, o.no_kk, o.kelurahan, o.alamat, m.no_kk, m.kelurahan, m.alamat))
           AS here, o.*
FROM member m JOIN home USING (no_kk) JOIN latest o ON o.nik = m.nik
WHERE m.present AND o.grp IN ('household', 'assets', 'field')
  AND (o.grp <> 'field' OR here)
QUALIFY row_number() OVER (
    PARTITION BY family, o.grp
    ORDER BY CASE WHEN here THEN 0 WHEN m.nik = home.head THEN 1 ELSE 2 END,
             o.effective_on DESC, o.recorded_at DESC, o.event_id DESC, o.producer_number DESC, m.nik) = 1;

CREATE OR REPLACE TABLE earned AS
WITH house AS (
    SELECT family, field, value FROM (SELECT family, COLUMNS('^perumahan_') FROM seen WHERE grp = 'household')
    UNPIVOT (value FOR field IN (COLUMNS('^perumahan_')))
), owned AS (
    SELECT family, field, value FROM (SELECT family, COLUMNS('^aset_') FROM seen WHERE grp = 'assets')
    UNPIVOT (value FOR field IN (COLUMNS('^aset_')))
)
SELECT family, sum(rupiah)::BIGINT AS rupiah FROM (
    SELECT h.family, p.rupiah FROM house h JOIN points p ON p.field = h.field AND p.code = h.value
    UNION ALL
    SELECT o.family, p.rupiah * greatest(0, least(o.value, p.at_most))
    FROM owned o JOIN points p ON p.field = o.field AND p.code IS NULL)
GROUP BY family;

CREATE OR REPLACE TABLE family AS
SELECT f.no_kk, f.members, assets.aset_mobil <> 0 AS mobil, visit.hasil_kontak,
       house.perumahan_air_minum AS air_minum,
       CASE WHEN f.members > getvariable('max_family_size') OR (f.members > 1 AND f.all_in_panti) THEN 'NOT_A_FAMILY'
            WHEN NOT f.has_adult THEN 'INCOMPLETE'
            WHEN house.family IS NULL THEN 'BELUM_TERDATA'
            ELSE 'RANKED' END AS family_status,
       CASE WHEN family_status = 'RANKED' THEN greatest(
           getvariable('minimum_rupiah'),
           getvariable('base_rupiah') + coalesce(earned.rupiah, 0)
               + getvariable('rupiah_per_further_member') * (f.members - 1)
               + getvariable('floor_rupiah_per_m2_per_head')
                   * least(getvariable('floor_limit_m2_per_head'),
                           coalesce(house.perumahan_luas_lantai, 0) // greatest(f.members, 1)))
       END AS score
FROM (SELECT no_kk, count(*) FILTER (present) AS members, bool_or(present AND adult) AS has_adult,
             coalesce(bool_and(coalesce(in_institution, false)) FILTER (present), false) AS all_in_panti
      FROM member GROUP BY no_kk) f
LEFT JOIN (FROM seen WHERE grp = 'household') house ON house.family = f.no_kk
LEFT JOIN (FROM seen WHERE grp = 'assets') assets ON assets.family = f.no_kk
LEFT JOIN (FROM seen WHERE grp = 'field') visit ON visit.family = f.no_kk
LEFT JOIN earned ON earned.family = f.no_kk;

-- Decile of score s = 1 + min(9, floor(10 B / N)); or by the nation's cut points.
CREATE OR REPLACE TABLE decile AS
SELECT score,
       CASE getvariable('ranking_mode')
           WHEN 'own' THEN 1 + least(9, 10 * (sum(persons) OVER (ORDER BY score) - persons) // sum(persons) OVER ())
           ELSE 1 + (SELECT count(*) FROM given_cut_point g WHERE g.score < s.score) END AS desil
FROM (SELECT score, sum(members) AS persons FROM family WHERE score IS NOT NULL GROUP BY score) s;

-- Largest score of desil 1 to 9.
CREATE OR REPLACE TABLE cut_point AS
SELECT d AS desil,
       CASE getvariable('ranking_mode') WHEN 'own' THEN (SELECT max(score) FROM decile WHERE decile.desil <= d)
                                        ELSE (SELECT score FROM given_cut_point g WHERE g.desil = d) END AS score
FROM range(1, 10) t(d);

-- Timely: made by the last day to object to the list of its quarter, about this list or one of the few before it.
CREATE OR REPLACE TABLE timely AS
SELECT o.nik, o.programme FROM objection o,
    LATERAL (SELECT make_date(left(o.triwulan, 4)::INTEGER, 3 * right(o.triwulan, 1)::INTEGER, 1) AS month)
WHERE o.made_on <= last_day(month) + getvariable('objection_days')::INTEGER
  AND date_diff('quarter', month, getvariable('as_of')) BETWEEN 0 AND getvariable('objection_hold_quarters');
