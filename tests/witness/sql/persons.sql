-- Persons as of a quarter: per group the greatest statement that is not void, and the status that follows.
-- In: spoken, says, authority; variables arrived_by (index of the quarter), as_of, transit_limit_days, scope_province.

-- Everything that had arrived, one row per event and NIK; `key` names an event.
CREATE OR REPLACE TABLE heard AS
SELECT s.*, s.producer || ':' || hex(s.event_id) AS key,
       s.corrects_producer || ':' || hex(s.corrects_event_id) AS corrects_key,
       a.number AS producer_number, a.authority
FROM spoken s JOIN authority a USING (producer)
WHERE s.sim_arrival <= getvariable('arrived_by');

-- By group: what is stated, and on what a correction or cancellation acts: on the groups that it states, and for
-- a NIK of which it says nothing (dropped, or the whole event cancelled) on all that its type may state.
CREATE OR REPLACE TABLE statement AS
SELECT h.nik, h.key, y.grp, y.observed, h.contract, h.kind, h.corrects_key, h.producer, h.producer_number, h.authority,
       h.effective_on, h.recorded_at, h.event_id, h.nomor_skpwni,
       h.stated AND CASE y.grp WHEN 'household' THEN h.perumahan WHEN 'assets' THEN h.aset ELSE true END AS states,
       h.kind <> 'STATE' AND (states OR NOT h.stated) AS acts
FROM heard h JOIN says y USING (contract);

-- Corrections that count, numbered per person and group from the greatest down.
CREATE OR REPLACE TABLE hit AS
SELECT c.nik, c.grp, c.kind, c.key, t.key AS target,
       row_number() OVER (PARTITION BY c.nik, c.grp
                          ORDER BY c.recorded_at DESC, c.event_id DESC, c.producer_number DESC) AS n
FROM statement c JOIN heard t ON t.nik = c.nik AND t.key = c.corrects_key
WHERE c.acts
  AND (c.recorded_at, c.event_id) > (t.recorded_at, t.event_id)
  AND (c.producer = t.producer OR c.authority > t.authority);

-- From the greatest down. `replaced`: void by a correction with content, so that the chain below stays void;
-- `lifted`: void by a cancellation, so that what it had voided counts again.
CREATE OR REPLACE TABLE void AS
WITH RECURSIVE judged(nik, grp, n, replaced, lifted) AS (
    SELECT DISTINCT nik, grp, 0::BIGINT, []::VARCHAR[], []::VARCHAR[] FROM hit
    UNION ALL
    SELECT j.nik, j.grp, h.n,
           CASE WHEN lasts AND fresh THEN list_append(j.replaced, h.target) ELSE j.replaced END,
           CASE WHEN NOT gone AND NOT lasts AND fresh THEN list_append(j.lifted, h.target) ELSE j.lifted END
    FROM judged j
    JOIN hit h ON h.nik = j.nik AND h.grp = j.grp AND h.n = j.n + 1,
    LATERAL (SELECT list_contains(j.lifted, h.key) AS gone,
                    list_contains(j.replaced, h.key)
                        OR (h.kind = 'CORRECT' AND NOT list_contains(j.lifted, h.key)) AS lasts,
                    NOT list_contains(j.replaced, h.target) AND NOT list_contains(j.lifted, h.target) AS fresh)
)
SELECT nik, grp, unnest(list_concat(replaced, lifted)) AS key
FROM (SELECT * FROM judged QUALIFY n = max(n) OVER (PARTITION BY nik, grp));

CREATE OR REPLACE TABLE counting AS
SELECT * FROM statement s WHERE states AND (nik, grp, key) NOT IN (SELECT nik, grp, key FROM void);

-- A decision that counts voids the visits that it lists, by the rules of clock and office of corrections.
DELETE FROM counting c
WHERE c.contract = 'groundcheck'
  AND EXISTS (FROM counting d JOIN aside a ON a.key = d.key AND a.target = c.key
              WHERE d.grp = 'set_aside' AND d.nik = c.nik
                AND (d.recorded_at, d.event_id) > (c.recorded_at, c.event_id)
                AND (d.producer = c.producer OR d.authority > c.authority));

-- An arrival voids the departure with its SKPWNI number.
DELETE FROM counting d
WHERE d.grp = 'residence' AND d.contract = 'pindah_keluar'
  AND EXISTS (FROM counting a WHERE a.grp = 'residence' AND a.contract = 'pindah_datang'
                                AND a.nik = d.nik AND a.nomor_skpwni = d.nomor_skpwni);

-- Where people live now: card, kelurahan and address. Addresses are compared by their letters and numbers.
CREATE OR REPLACE MACRO words_of(address) AS
    trim(regexp_replace(regexp_replace(lower(address), '[^a-z0-9]+', ' ', 'g'), '(^| )0+([0-9])', '\1\2', 'g'));

CREATE OR REPLACE TABLE place AS
SELECT nik, any_value(no_kk) FILTER (grp = 'listing') AS no_kk,
       any_value(coalesce(kelurahan, kelurahan_asal)) FILTER (grp = 'residence') AS kelurahan,
       any_value(CASE WHEN contract = 'pindah_keluar' THEN '' ELSE alamat END) FILTER (grp = 'residence') AS alamat
FROM (SELECT c.nik, c.grp, h.contract, h.no_kk, h.kelurahan, h.kelurahan_asal, h.alamat
      FROM counting c JOIN heard h USING (nik, key) WHERE c.grp IN ('listing', 'residence')
      QUALIFY row_number() OVER (PARTITION BY c.nik, c.grp
                                 ORDER BY h.recorded_at DESC, h.event_id DESC, h.producer_number DESC) = 1)
GROUP BY nik;

-- Was it seen at the card or address where somebody lives? Who found nobody saw no card.
CREATE OR REPLACE MACRO seen_at(contact, card, kelurahan, address, home_card, home_kelurahan, home_address) AS
    coalesce(kelurahan = home_kelurahan AND words_of(address) = words_of(home_address), false)
    OR (coalesce(card = home_card, false)
        AND coalesce(contact NOT IN ('TIDAK_DITEMUKAN', 'PINDAH_ATAU_BANGUNAN_HILANG'), true));

-- Observed groups go by the day of observation first, administrative ones by the act of recording; of homes and
-- visits, those where the person lives before all others.
CREATE OR REPLACE TABLE latest AS
SELECT c.grp, h.* FROM heard h JOIN (
    SELECT c.nik, c.grp, c.key FROM counting c JOIN heard o USING (nik, key) LEFT JOIN place p USING (nik)
    WHERE c.grp <> 'claim'
    QUALIFY row_number() OVER (
        PARTITION BY c.nik, c.grp
        ORDER BY c.grp IN ('household', 'assets', 'field')
                     AND seen_at(o.hasil_kontak, o.no_kk, o.kelurahan, o.alamat, p.no_kk, p.kelurahan, p.alamat) DESC,
                 CASE WHEN c.observed THEN c.effective_on END DESC,
                 c.recorded_at DESC, c.event_id DESC, c.producer_number DESC
    ) = 1) c USING (nik, key);

-- What is said about cases, by person, programme, kind and quarter.
CREATE OR REPLACE TABLE said_of_case AS
SELECT h.nik, h.program AS programme, h.triwulan, coalesce(h.perkara, upper(c.contract)) AS kind,
       coalesce(h.status, 'TERBUKA') AS status, h.effective_on, h.recorded_at, h.event_id, h.authority
FROM heard h JOIN counting c USING (nik, key) WHERE c.grp = 'claim';

-- Of each case: when it was claimed first, and when it was withdrawn last.
CREATE OR REPLACE TABLE told_case AS
SELECT nik, programme, triwulan, kind, min(effective_on) FILTER (status = 'TERBUKA') AS first_claim,
       coalesce(max(effective_on) FILTER (status = 'DITARIK'), DATE '0001-01-01') AS withdrawn_on
FROM said_of_case GROUP BY ALL;

-- What offices judged; nobody is refused before having asked.
CREATE OR REPLACE TABLE judgement AS
SELECT s.* FROM said_of_case s JOIN told_case c USING (nik, programme, triwulan, kind)
WHERE s.status = 'DITERIMA' OR (s.status = 'DITOLAK' AND s.effective_on >= coalesce(c.first_claim, s.effective_on));

-- An objection that nobody judged, from the day on which it was first made after it was last withdrawn.
CREATE OR REPLACE TABLE objection AS
SELECT s.nik, s.programme, s.triwulan, min(s.effective_on) AS made_on
FROM said_of_case s JOIN told_case c USING (nik, programme, triwulan, kind)
WHERE s.kind = 'SANGGAH' AND s.status = 'TERBUKA' AND s.effective_on > c.withdrawn_on
  AND NOT EXISTS (FROM judgement j
                  WHERE (j.nik, j.programme, j.triwulan, j.kind) = (s.nik, s.programme, s.triwulan, s.kind))
GROUP BY ALL;

-- A reactivation that the highest office accepted, by its last word.
CREATE OR REPLACE TABLE reactivation AS
SELECT nik, programme, effective_on AS decided_on
FROM (FROM judgement WHERE kind = 'REAKTIVASI'
      QUALIFY row_number() OVER (PARTITION BY nik, programme, triwulan
                                 ORDER BY authority DESC, effective_on DESC, recorded_at DESC, event_id DESC) = 1)
WHERE status = 'DITERIMA';

CREATE OR REPLACE TABLE person AS
WITH stated AS (
    SELECT nik,
           any_value(tanggal_lahir) FILTER (grp = 'birth') AS tanggal_lahir,
           any_value(contract = 'mati') FILTER (grp = 'vital') AS died,
           any_value(aktif) FILTER (grp = 'nik_status') AS aktif,
           any_value(no_kk) FILTER (grp = 'listing') AS no_kk,
           any_value(hubungan) FILTER (grp = 'listing') AS hubungan,
           any_value(coalesce(kelurahan, kelurahan_asal)) FILTER (grp = 'residence') AS kelurahan,
           any_value(alamat) FILTER (grp = 'residence') AS alamat,
           any_value(effective_on) FILTER (grp = 'residence' AND contract = 'pindah_keluar') AS left_on,
           any_value(kategori) FILTER (grp = 'work') AS occupation,
           any_value(jenjang) FILTER (grp = 'education') AS jenjang,
           any_value(swasta) FILTER (grp = 'education') AS swasta,
           any_value(provinsi_sekolah) FILTER (grp = 'education') AS provinsi_sekolah,
           any_value(kendaraan_roda_empat) FILTER (grp = 'property') AS vehicles,
           any_value(njop_rupiah) FILTER (grp = 'property') AS njop_rupiah,
           any_value(tinggal) FILTER (grp = 'institution') AS in_institution,
           any_value(kelas) FILTER (grp = 'education') AS kelas,
           any_value(daya_va) FILTER (grp = 'utilities') AS daya_va,
           any_value(terdaftar) FILTER (grp = 'disability') AS disabilitas_terdaftar,
           any_value(berat) FILTER (grp = 'disability') AS disabilitas_berat,
           any_value(CASE WHEN NOT hamil THEN effective_on
                          ELSE coalesce(perkiraan_lahir, effective_on + getvariable('pregnancy_days')::INTEGER) END
                     + getvariable('postpartum_days')::INTEGER >= getvariable('as_of'))
               FILTER (grp = 'pregnancy') AS hamil,
           any_value(kehamilan_ke) FILTER (grp = 'pregnancy') AS kehamilan_ke,
           any_value(katastropik) FILTER (grp = 'health') AS katastropik,
           any_value(status) FILTER (grp = 'university') AS kuliah_status,
           any_value(jenjang) FILTER (grp = 'university') AS kuliah_jenjang,
           any_value(reguler) FILTER (grp = 'university') AS kuliah_reguler,
           any_value(CASE WHEN negeri THEN 'PTN' WHEN akreditasi IN ('UNGGUL', 'A') THEN 'PTS_A'
                          WHEN akreditasi IN ('B', 'C') THEN 'PTS_' || akreditasi ELSE 'PTS' END)
               FILTER (grp = 'university') AS kampus,
           any_value(coalesce(akreditasi, 'TIDAK_ADA')) FILTER (grp = 'university') AS akreditasi,
           any_value(semester) FILTER (grp = 'university') AS semester,
           any_value(ipk_x100) FILTER (grp = 'university' AND rumpun = 'SOSIAL') AS ipk_sosial_x100,
           any_value(ipk_x100) FILTER (grp = 'university' AND rumpun IN ('EKSAKTA', 'KEDOKTERAN')) AS ipk_eksakta_x100,
           any_value(provinsi_sekolah) FILTER (grp = 'university') AS kuliah_provinsi_sekolah,
           any_value(year(getvariable('as_of')) - lulus_sekolah_tahun) FILTER (grp = 'university')
               AS lulus_sekolah_tahun_lalu
    FROM latest GROUP BY nik
), elsewhere AS (
    -- Of each programme received elsewhere, what was said last.
    SELECT c.nik, r.* FROM counting c JOIN heard h USING (nik, key) JOIN received r USING (key) WHERE c.grp = 'benefit'
    QUALIFY row_number() OVER (
        PARTITION BY c.nik, r.program
        ORDER BY h.effective_on DESC, h.recorded_at DESC, h.event_id DESC, h.producer_number DESC) = 1
), scholar AS (
    SELECT nik, bool_or(jenis = 'BEASISWA' AND anggaran IN ('APBN', 'APBD') AND program <> 'KJMU'
                        AND (sampai IS NULL OR sampai >= getvariable('as_of'))) AS beasiswa_lain
    FROM elsewhere GROUP BY nik
)
SELECT nik, s.* EXCLUDE (nik),
       CASE WHEN died THEN 'MENINGGAL'
            WHEN NOT aktif THEN 'NONAKTIF'
            WHEN NOT starts_with(kelurahan, getvariable('scope_province')) THEN 'LUAR'
            WHEN getvariable('as_of') - left_on > getvariable('transit_limit_days') THEN 'LUAR'
            WHEN left_on IS NOT NULL THEN 'TRANSIT'
            WHEN no_kk IS NULL THEN 'TANPA_KARTU'
            ELSE 'TERDAFTAR' END AS status,
       coalesce(left(kelurahan, 4), '0000') AS kab_kota,
       date_sub('year', tanggal_lahir, getvariable('as_of')) AS age,
       coalesce(age >= getvariable('adult_age_years'), false) AS adult,
       status = 'TERDAFTAR' AS present
FROM (SELECT DISTINCT nik FROM heard) k LEFT JOIN (FROM stated LEFT JOIN scholar USING (nik)) s USING (nik);
