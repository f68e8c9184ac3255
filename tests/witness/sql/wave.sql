-- One wave of programmes: conditions, reservations, quota, verdicts. Variable: wave.

CREATE OR REPLACE TABLE due_now AS SELECT * FROM programme WHERE wave = getvariable('wave');

-- Does a condition hold for the whole family? Null: not known.
CREATE OR REPLACE TABLE family_ok AS
SELECT c.programme, c.place, f.no_kk, meets(c.operator, c.numbers, c.codes, x.number, x.code) AS ok
FROM condition c JOIN due_now USING (programme) CROSS JOIN family f
LEFT JOIN family_fact x
  ON x.fact = c.fact AND x.no_kk = f.no_kk AND (x.programme IS NULL OR x.programme = c.programme)
WHERE c.level IN ('family', 'served') AND (x.number IS NOT NULL OR x.code IS NOT NULL)
UNION ALL
SELECT c.programme, c.place, m.no_kk,
       CASE WHEN bool_or(NOT meets(c.operator, c.numbers, c.codes, x.number, x.code)) THEN false
            WHEN bool_or(x.nik IS NULL) THEN NULL ELSE true END
FROM condition c JOIN due_now USING (programme) CROSS JOIN member m
LEFT JOIN person_fact x ON x.nik = m.nik AND 'members.' || x.fact = c.fact
WHERE c.level = 'members' AND m.present
GROUP BY ALL;

CREATE OR REPLACE TABLE person_ok AS
SELECT c.programme, c.place, x.nik, meets(c.operator, c.numbers, c.codes, x.number, x.code) AS ok
FROM condition c JOIN due_now USING (programme)
JOIN person_fact x ON c.fact = CASE c.level WHEN 'receives' THEN '' ELSE 'person.' END || x.fact
WHERE c.level IN ('person', 'receives');

-- A family is asked as a whole (nik is empty then), a person for itself.
CREATE OR REPLACE TABLE judged AS
SELECT a.programme, a.no_kk, a.nik,
       coalesce(bool_and(passes), false) AS eligible,
       CASE WHEN count(c.place) = 0 THEN 'PROGRAM_BERAKHIR'  -- it has ended: nothing is asked any more
            ELSE arg_min(c.reason, c.place) FILTER (NOT passes) END AS reason,
       coalesce(bool_and(passes) FILTER (c.level = 'person'), true) AS passes_own
FROM (SELECT programme, no_kk, '' AS nik FROM due_now CROSS JOIN family WHERE of_family
      UNION ALL
      SELECT programme, no_kk, nik FROM due_now CROSS JOIN member WHERE NOT of_family) a
LEFT JOIN condition c USING (programme)
LEFT JOIN holding own ON c.newcomers AND own.programme = c.programme AND own.nik = a.nik
LEFT JOIN family_ok f ON f.programme = c.programme AND f.place = c.place AND f.no_kk = a.no_kk
LEFT JOIN person_ok p ON p.programme = c.programme AND p.place = c.place AND p.nik = a.nik,
LATERAL (SELECT own.nik IS NOT NULL OR coalesce(f.ok, p.ok, c.passes_when_unknown
                         OR (c.level = 'members' AND f.programme IS NULL)) AS passes)
GROUP BY ALL;

-- Who comes back, or goes on, by a reactivation: all conditions are met, or those that it does not stand in for and
-- what it asks for. By a case that was accepted not too long ago, or for whoever holds the programme.
CREATE OR REPLACE TABLE reactivated AS
SELECT DISTINCT programme, nik FROM (
    SELECT w.programme, m.nik, w.by_case,
           bool_and(coalesce(f.ok, p.ok, c.passes_when_unknown)) AS meets_all,
           coalesce(bool_and(coalesce(f.ok, p.ok, c.passes_when_unknown))
                    FILTER (NOT list_contains(w.instead_of, c.id)), true) AS meets_rest,
           any_value(coalesce(m.katastropik, false)) AS asked,
           any_value(h.nik IS NOT NULL) AS holds,
           bool_or(r.decided_on IS NOT NULL) AS accepted
    FROM reactivation_way w JOIN due_now d USING (programme) CROSS JOIN member m
    JOIN condition c USING (programme)
    LEFT JOIN family_ok f ON f.programme = c.programme AND f.place = c.place AND f.no_kk = m.no_kk
    LEFT JOIN person_ok p ON p.programme = c.programme AND p.place = c.place AND p.nik = m.nik
    LEFT JOIN holding h ON h.programme = w.programme AND h.nik = m.nik
    LEFT JOIN reactivation r ON r.programme = w.programme AND r.nik = m.nik
         AND date_diff('quarter', r.decided_on, getvariable('as_of')) BETWEEN 0 AND w.quarters - 1
    WHERE m.present
    GROUP BY w.programme, m.nik, w.by_case, w.id)
WHERE CASE WHEN by_case THEN accepted AND (meets_all OR (asked AND meets_rest))
           ELSE holds AND asked AND meets_rest END;

-- The family's line. Carried over: in transit, not due, or with an open objection.
CREATE OR REPLACE TABLE drafted AS
SELECT j.programme, j.no_kk, j.nik, coalesce(mover.nik, payee.nik) AS recipient, j.eligible, j.reason, d.due, d.budget,
       d.waiting_reason, d.ended,
       CASE WHEN d.ended THEN NULL
            WHEN mover.nik IS NOT NULL THEN 'TRANSIT'
            WHEN payee.own AND NOT d.due THEN 'CADENCE'
            WHEN held_out(held.held_since) THEN NULL
            WHEN payee.own AND objects AND j.eligible THEN 'PROTECTED'
            WHEN payee.own AND objects THEN 'OBJECTION' END AS carried,
       coalesce(mover.rupiah, held.rupiah) AS carried_rupiah, amount.rupiah AS rupiah,
       -- a payee who died or left for good: the family's line passes on, even when the programme is not due
       NOT coalesce(payee.own, false) AND EXISTS (
           FROM member g JOIN holding h USING (nik)
           WHERE h.programme = j.programme AND NOT g.listed
             AND (g.no_kk = j.no_kk OR (j.no_kk, g.no_kk) IN (SELECT new_card, old_card FROM replaced_card))
       ) AS succeeds,
       family.score, true AS here, false AS lost
FROM judged j JOIN due_now d USING (programme) JOIN family USING (no_kk)
JOIN family_amount amount USING (programme, no_kk)
LEFT JOIN payee USING (programme, no_kk)
LEFT JOIN mover USING (programme, no_kk)
LEFT JOIN holding held ON held.programme = j.programme AND held.nik = payee.nik AND payee.own,
LATERAL (SELECT count(*) > 0 AS objects FROM timely t JOIN member m USING (nik)
         WHERE m.no_kk = j.no_kk AND m.present AND t.programme = j.programme)
WHERE d.of_family
UNION ALL BY NAME
-- A person's line. Without a living adult in the family nothing begins, and what is held is held back, unless the
-- person's own facts end it.
SELECT j.programme, j.no_kk, j.nik, j.nik AS recipient, j.eligible OR back.nik IS NOT NULL AS eligible,
       j.reason, d.due, d.budget, d.waiting_reason, d.ended, back.nik IS NOT NULL AND family.family_status <> 'INCOMPLETE' AS comes_back,
       CASE WHEN h.nik IS NULL OR d.ended THEN NULL
            WHEN m.transit THEN 'TRANSIT'
            WHEN NOT m.present THEN NULL
            WHEN family.family_status = 'INCOMPLETE' AND j.passes_own THEN 'INCOMPLETE'
            WHEN NOT d.due THEN 'CADENCE'
            WHEN back.nik IS NOT NULL AND family.family_status <> 'INCOMPLETE' THEN 'REACTIVATED'
            WHEN t.nik IS NULL OR held_out(h.held_since) THEN NULL
            WHEN j.eligible THEN 'PROTECTED'
            ELSE 'OBJECTION' END AS carried,
       h.rupiah AS carried_rupiah,
       coalesce(d.fixed_rupiah, l.rupiah + CASE WHEN m.swasta THEN l.more_if_private ELSE 0 END, 0) AS rupiah,
       false AS succeeds, family.score, m.present AS here, family.family_status = 'INCOMPLETE' AS lost
FROM judged j JOIN due_now d USING (programme) JOIN member m USING (nik) JOIN family ON family.no_kk = j.no_kk
LEFT JOIN holding h ON h.programme = j.programme AND h.nik = j.nik
LEFT JOIN (SELECT DISTINCT nik, programme FROM timely) t ON t.programme = j.programme AND t.nik = j.nik
LEFT JOIN reactivated back ON back.programme = j.programme AND back.nik = j.nik
LEFT JOIN level_amount l ON l.programme = j.programme AND l.jenjang = m.jenjang
     AND CASE WHEN l.classes IS NOT NULL THEN coalesce(list_contains(l.classes, m.kelas), false)
              ELSE NOT EXISTS (FROM level_amount o WHERE o.programme = l.programme AND o.jenjang = l.jenjang
                                                     AND list_contains(o.classes, m.kelas)) END
WHERE NOT d.of_family;

-- Who may be ranked for the quota; who has no score comes last.
CREATE OR REPLACE TABLE ranked AS
SELECT *, eligible AND carried IS NULL AND recipient IS NOT NULL AND here AND NOT lost AND (due OR succeeds) AS ranks,
       CASE WHEN comes_back THEN -1 ELSE coalesce(score, 9223372036854775807) END AS rank
FROM drafted;

-- Reserve first; the cut is the largest score whose units fit into what remains, equal scores treated equally.
CREATE OR REPLACE TABLE quota_cut AS
WITH room AS (
    SELECT d.programme, d.quota - count(r.carried) AS room FROM due_now d LEFT JOIN ranked r USING (programme)
    GROUP BY d.programme, d.quota
), filled AS (
    SELECT programme, rank, sum(count(*)) OVER (PARTITION BY programme ORDER BY rank) AS filled
    FROM ranked WHERE ranks GROUP BY programme, rank
)
SELECT programme, max(rank) FILTER (filled <= room) AS rank FROM room LEFT JOIN filled USING (programme) GROUP BY ALL;

INSERT INTO line BY NAME
SELECT r.programme, r.no_kk, r.nik, r.recipient, r.ranks AS ranked, r.rank, r.carried, r.succeeds,
       CASE WHEN r.carried = 'TRANSIT' THEN CASE r.budget WHEN 'APBN' THEN 'KEPT' ELSE 'HELD' END
            WHEN r.carried IN ('INCOMPLETE', 'OBJECTION') THEN 'HELD'
            WHEN r.carried IN ('CADENCE', 'REACTIVATED', 'PROTECTED') THEN 'KEPT'
            WHEN NOT r.ranks THEN 'INELIGIBLE'
            WHEN r.rank <= q.rank THEN 'SERVED'
            ELSE 'ELIGIBLE' END AS verdict,
       CASE WHEN verdict = 'SERVED' THEN r.rupiah WHEN r.carried IS NOT NULL THEN r.carried_rupiah ELSE 0 END AS rupiah,
       CASE WHEN verdict = 'SERVED' AND r.succeeds THEN 'PENGGANTI'
            WHEN r.carried = 'REACTIVATED' OR (verdict = 'SERVED' AND r.comes_back) THEN 'REAKTIVASI'
            WHEN verdict = 'SERVED' THEN 'MEMENUHI_SYARAT'
            WHEN verdict = 'ELIGIBLE' THEN r.waiting_reason
            WHEN r.carried = 'TRANSIT' THEN 'DALAM_PERPINDAHAN'
            WHEN r.carried = 'INCOMPLETE' THEN 'KELUARGA_TIDAK_LENGKAP'
            WHEN r.carried = 'CADENCE' THEN 'BELUM_WAKTUNYA'
            WHEN r.carried IS NOT NULL THEN 'ADA_SANGGAHAN'
            WHEN r.ended THEN r.reason
            WHEN NOT r.here THEN 'DALAM_PERPINDAHAN'
            WHEN r.reason IS NOT NULL THEN r.reason
            WHEN r.recipient IS NULL THEN 'TANPA_PENERIMA'
            WHEN r.lost THEN 'KELUARGA_TIDAK_LENGKAP'
            ELSE 'BELUM_WAKTUNYA' END AS reason
FROM ranked r JOIN quota_cut q USING (programme);

-- Later waves ask which families are served: somebody in them is paid.
INSERT INTO family_fact
SELECT NULL, f.no_kk, 'served.' || d.programme, NULL, (bool_or(l.verdict IN ('SERVED', 'KEPT')) IS TRUE)::VARCHAR
FROM due_now d CROSS JOIN family f LEFT JOIN line l USING (programme, no_kk)
GROUP BY d.programme, f.no_kk;

INSERT INTO person_fact BY NAME
SELECT m.nik, m.no_kk, m.present, m.adult, 'receives.' || d.programme AS fact, NULL::BIGINT AS number,
       (coalesce(l.verdict, '') IN ('SERVED', 'KEPT'))::VARCHAR AS code
FROM due_now d CROSS JOIN member m LEFT JOIN line l ON l.programme = d.programme AND l.nik = m.nik
WHERE NOT d.of_family;
