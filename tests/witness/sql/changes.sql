-- Answers of everybody who is listed, and the lines that follow from them and from what is held.
-- In: line, member, person, holding.

CREATE OR REPLACE TABLE answer AS
SELECT m.nik, m.no_kk, m.kab_kota, l.programme,
       CASE WHEN hears THEN l.verdict WHEN second OR NOT m.present THEN 'INELIGIBLE' ELSE 'NOT_PAYEE' END AS verdict,
       CASE WHEN mine THEN l.rupiah ELSE 0 END AS rupiah,
       CASE WHEN hears THEN l.reason
            WHEN second THEN 'SATU_KELUARGA_SATU_PENERIMA'
            WHEN m.present THEN 'BUKAN_PENERIMA'
            ELSE 'DALAM_PERPINDAHAN' END AS reason
FROM member m
JOIN line l ON l.no_kk = m.no_kk AND (l.nik = '' OR l.nik = m.nik)
LEFT JOIN holding h ON h.programme = l.programme AND h.nik = m.nik,
LATERAL (SELECT coalesce(m.nik = l.recipient, false) AS mine,
                coalesce(m.nik = l.recipient, false) OR (m.present AND l.verdict = 'INELIGIBLE') AS hears,
                h.nik IS NOT NULL AND l.recipient IS NOT NULL AS second)
WHERE m.listed;

CREATE OR REPLACE TABLE netted AS
SELECT coalesce(a.nik, h.nik) AS nik, coalesce(a.programme, h.programme) AS programme,
       h.nik IS NOT NULL AS holds, h.state = 'HELD' AS was_held, h.rupiah AS held_rupiah, h.kab_kota AS held_kab_kota,
       a.verdict, a.rupiah AS now_rupiah, coalesce(a.kab_kota, h.kab_kota) AS place,
       CASE WHEN a.verdict = 'SERVED' AND NOT holds THEN 'GRANTED'
            WHEN NOT holds THEN NULL
            WHEN a.verdict = 'SERVED'
                 AND (was_held OR place <> held_kab_kota OR now_rupiah <> held_rupiah) THEN 'AMENDED'
            WHEN a.verdict = 'KEPT' AND was_held THEN 'AMENDED'
            WHEN a.verdict = 'HELD' AND NOT was_held THEN 'HELD'
            WHEN a.verdict IN ('ELIGIBLE', 'INELIGIBLE', 'NOT_PAYEE') THEN 'REVOKED'
            WHEN a.verdict IS NULL
                 AND p.status IN ('MENINGGAL', 'LUAR', 'TANPA_KARTU', 'NONAKTIF') THEN 'REVOKED' END AS action,
       CASE WHEN action = 'AMENDED' AND was_held THEN 'DILANJUTKAN'
            WHEN action = 'AMENDED' AND place <> held_kab_kota THEN 'PINDAH_KOTA'
            WHEN action = 'AMENDED' THEN 'JUMLAH_BERUBAH'
            WHEN a.verdict IS NOT NULL THEN a.reason
            WHEN p.status = 'LUAR' THEN 'PINDAH_KELUAR'
            ELSE p.status END AS reason
FROM answer a FULL JOIN holding h ON h.nik = a.nik AND h.programme = a.programme
LEFT JOIN person p ON p.nik = coalesce(a.nik, h.nik);

CREATE OR REPLACE TABLE change AS
SELECT nik, programme, action, reason,
       CASE WHEN action NOT IN ('GRANTED', 'AMENDED') THEN NULL
            WHEN verdict = 'SERVED' THEN now_rupiah ELSE held_rupiah END AS amount_rupiah,
       CASE WHEN was_held THEN 0 ELSE held_rupiah END AS amount_before_rupiah,
       CASE WHEN action = 'REVOKED' THEN NULL WHEN verdict = 'SERVED' THEN place ELSE held_kab_kota END AS kab_kota
FROM netted WHERE action IS NOT NULL;

-- What is held afterwards: a held line keeps the amount with which it goes on.
CREATE OR REPLACE TABLE holding AS
SELECT nik, programme,
       CASE coalesce(c.action, '') WHEN '' THEN h.state WHEN 'HELD' THEN 'HELD' ELSE 'ACTIVE' END AS state,
       coalesce(c.amount_rupiah, h.rupiah) AS rupiah, coalesce(c.kab_kota, h.kab_kota) AS kab_kota,
       CASE coalesce(c.action, '') WHEN '' THEN h.held_since WHEN 'HELD' THEN getvariable('as_of')::DATE END AS held_since
FROM holding h FULL JOIN change c USING (nik, programme)
WHERE c.action IS DISTINCT FROM 'REVOKED';
