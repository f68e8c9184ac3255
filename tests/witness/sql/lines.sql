-- Who would receive a family programme, and what is paid. In: member, family, holding, payee_order, component.

-- Adult and present, by the first kind of the payee order that applies. Without a holder of the programme itself, who
-- holds another family programme is the present payee.
CREATE OR REPLACE TABLE payee AS
WITH held AS (
    SELECT p.programme, h.nik, bool_or(h.programme = p.programme) AS own
    FROM programme p JOIN holding h ON h.programme IN (SELECT programme FROM programme WHERE of_family)
    WHERE p.of_family GROUP BY ALL
), candidate AS (
    SELECT p.programme, m.no_kk, m.nik, m.tanggal_lahir, coalesce(h.own, false) AS own, h.nik IS NOT NULL AS any_line,
           m.hubungan = 3 AS wife, m.hubungan = 1 AS head
    FROM member m CROSS JOIN (FROM programme WHERE of_family) p
    LEFT JOIN held h ON h.programme = p.programme AND h.nik = m.nik
    WHERE m.present AND m.adult
)
SELECT c.programme, c.no_kk, c.nik, c.own
FROM candidate c JOIN payee_order o
  ON CASE o.kind WHEN 'PENERIMA_SEKARANG' THEN c.any_line
                 WHEN 'ISTRI_DEWASA' THEN c.wife WHEN 'KEPALA_DEWASA' THEN c.head ELSE true END
QUALIFY row_number() OVER (
    PARTITION BY c.programme, c.no_kk
    ORDER BY c.own DESC, o.place,
             CASE WHEN o.kind = 'DEWASA_TERTUA' THEN c.tanggal_lahir END, c.nik) = 1;

-- The holder in transit keeps the line if no present adult holds it.
CREATE OR REPLACE TABLE mover AS
SELECT h.programme, m.no_kk, m.nik, h.rupiah
FROM member m JOIN holding h USING (nik) JOIN programme p USING (programme)
WHERE p.of_family AND m.transit
  AND NOT EXISTS (FROM payee y WHERE y.programme = h.programme AND y.no_kk = m.no_kk AND y.own)
QUALIFY row_number() OVER (PARTITION BY h.programme, m.no_kk ORDER BY m.nik) = 1;

-- A card that nobody of it was on before, and the cards from which its people came.
CREATE OR REPLACE TABLE replaced_card AS
SELECT DISTINCT m.no_kk AS new_card, b.no_kk AS old_card
FROM member m JOIN listed_before b USING (nik)
WHERE m.present AND b.no_kk IS NOT NULL
  AND NOT EXISTS (FROM member o JOIN listed_before p USING (nik) WHERE o.present AND o.no_kk = m.no_kk AND p.no_kk = o.no_kk);

-- What conditions ask about, as numbers or as codes. Booleans are codes.
CREATE OR REPLACE TABLE family_fact(programme VARCHAR, no_kk VARCHAR, fact VARCHAR, number BIGINT, code VARCHAR);
INSERT INTO family_fact
    SELECT NULL, no_kk, 'family.status', NULL, family_status FROM family
    UNION ALL SELECT NULL, no_kk, 'family.members', members, NULL FROM family
    UNION ALL SELECT NULL, no_kk, 'family.desil', desil, NULL FROM family JOIN decile USING (score)
    UNION ALL SELECT NULL, no_kk, 'family.mobil', NULL, mobil::VARCHAR FROM family WHERE mobil IS NOT NULL
    UNION ALL SELECT NULL, no_kk, 'family.hasil_kontak', NULL, hasil_kontak FROM family WHERE hasil_kontak IS NOT NULL
    UNION ALL SELECT NULL, no_kk, 'family.air_minum', air_minum, NULL FROM family WHERE air_minum IS NOT NULL;

CREATE OR REPLACE TABLE person_fact AS
SELECT nik, no_kk, present, adult, fact, number, code FROM member,
    LATERAL (VALUES ('age_years', age::BIGINT, NULL), ('province', NULL, left(kelurahan, 2)),
                    ('occupation', NULL, occupation), ('school_level', NULL, jenjang),
                    ('school_province', NULL, provinsi_sekolah), ('vehicles', vehicles::BIGINT, NULL),
                    ('njop_rupiah', njop_rupiah::BIGINT, NULL), ('in_institution', NULL, in_institution::VARCHAR),
                    ('class', kelas::BIGINT, NULL), ('daya_va', daya_va::BIGINT, NULL),
                    ('disabilitas_terdaftar', NULL, disabilitas_terdaftar::VARCHAR),
                    ('disabilitas_berat', NULL, disabilitas_berat::VARCHAR),
                    ('hamil', NULL, hamil::VARCHAR), ('kehamilan_ke', kehamilan_ke::BIGINT, NULL),
                    ('katastropik', NULL, katastropik::VARCHAR), ('kuliah_status', NULL, kuliah_status),
                    ('kuliah_jenjang', NULL, kuliah_jenjang), ('kuliah_reguler', NULL, kuliah_reguler::VARCHAR),
                    ('kampus', NULL, kampus), ('akreditasi', NULL, akreditasi), ('semester', semester::BIGINT, NULL),
                    ('semester_diploma', CASE WHEN kuliah_jenjang = 'D3' THEN semester END::BIGINT, NULL),
                    ('semester_sarjana', CASE WHEN kuliah_jenjang IN ('D4', 'S1') THEN semester END::BIGINT, NULL),
                    ('ipk_sosial_x100', ipk_sosial_x100::BIGINT, NULL),
                    ('ipk_eksakta_x100', ipk_eksakta_x100::BIGINT, NULL),
                    ('kuliah_provinsi_sekolah', NULL, kuliah_provinsi_sekolah),
                    ('lulus_sekolah_tahun_lalu', lulus_sekolah_tahun_lalu::BIGINT, NULL),
                    ('beasiswa_lain', NULL, beasiswa_lain::VARCHAR))
        AS t(fact, number, code)
WHERE number IS NOT NULL OR code IS NOT NULL;

CREATE OR REPLACE MACRO meets(operator, numbers, codes, number, code) AS CASE operator
    WHEN 'le' THEN number <= numbers[1]
    WHEN 'ge' THEN number >= numbers[1]
    WHEN 'between' THEN number BETWEEN numbers[1] AND numbers[2]
    WHEN 'ne' THEN NOT (coalesce(list_contains(numbers, number), false) OR coalesce(list_contains(codes, code), false))
    WHEN 'not_in' THEN NOT (coalesce(list_contains(numbers, number), false) OR coalesce(list_contains(codes, code), false))
    ELSE coalesce(list_contains(numbers, number), false) OR coalesce(list_contains(codes, code), false) END;

-- A member counts for the first component whose ages and facts fit; of each at most its limit, and of all the
-- highest (or the lowest) up to max_components.
CREATE OR REPLACE TABLE unfit AS
SELECT DISTINCT a.programme, a.place, m.nik
FROM component_ask a CROSS JOIN member m
LEFT JOIN person_fact x ON x.nik = m.nik AND 'person.' || x.fact = a.fact
WHERE CASE WHEN x.nik IS NULL THEN NOT a.passes_when_unknown
           ELSE NOT meets(a.operator, a.numbers, a.codes, x.number, x.code) END;

CREATE OR REPLACE TABLE part AS
SELECT *, row_number() OVER (PARTITION BY programme, no_kk, component ORDER BY nik) AS nth
FROM (SELECT c.programme, c.rupiah, c.component, c.at_most, m.no_kk, m.nik
      FROM member m JOIN component c ON m.age >= c.min_age AND (c.max_age IS NULL OR m.age <= c.max_age)
      LEFT JOIN unfit u ON u.programme = c.programme AND u.place = c.place AND u.nik = m.nik
      WHERE m.present AND u.nik IS NULL
      QUALIFY row_number() OVER (PARTITION BY c.programme, m.nik ORDER BY c.place) = 1);

CREATE OR REPLACE TABLE family_amount AS
SELECT p.programme, f.no_kk, coalesce(n.parts, 0) AS components, coalesce(p.fixed_rupiah, paid.rupiah, 0) AS rupiah
FROM (FROM programme WHERE of_family) p CROSS JOIN family f
LEFT JOIN (SELECT programme, no_kk, count(*) AS parts FROM part GROUP BY ALL) n USING (programme, no_kk)
LEFT JOIN (
    SELECT programme, no_kk, sum(rupiah)::BIGINT AS rupiah FROM (
        SELECT part.*, programme.max_components,
               row_number() OVER (PARTITION BY programme, no_kk ORDER BY CASE WHEN lowest_first THEN rupiah ELSE -rupiah END, component, nth) AS place
        FROM part JOIN programme USING (programme) WHERE at_most IS NULL OR nth <= at_most)
    WHERE place <= max_components GROUP BY ALL) paid USING (programme, no_kk);

INSERT INTO family_fact SELECT programme, no_kk, 'family.components', components, NULL FROM family_amount;

CREATE OR REPLACE TABLE line(
    programme VARCHAR, no_kk VARCHAR, nik VARCHAR, recipient VARCHAR, ranked BOOLEAN, rank BIGINT,
    carried VARCHAR, verdict VARCHAR, rupiah BIGINT, reason VARCHAR, succeeds BOOLEAN);
