"""Aims at a domestic worker on the card of an employer of the state: removed with the card, back on one of her own."""

from tests.scenarios.told import HEAD, HELPER, POOR, Village, card, comfortable, known, man, visit, woman, works

WORKER, EMPLOYER = woman("Painem", 1979), man("Hendra", 1970)
ROOM = "Gg. Buntu No. 2"
GRANTED = [
    ("Painem", "PBI_JK", "GRANTED", "MEMENUHI_SYARAT", None, 126_000),
    ("Painem", "SEMBAKO", "GRANTED", "MEMENUHI_SYARAT", None, 600_000),
]
ON_HER_OWN = card(3, (WORKER, HEAD), day="2025-08-01", because="PISAH", replaces=1, address=ROOM)


def removed() -> Village:
    village = Village("SEMBAKO", "PBI_JK")
    village.tells(
        *known(WORKER, EMPLOYER),
        card(1, (EMPLOYER, HEAD), day="2024-12-01"),
        card(2, (WORKER, HEAD), day="2024-12-01", address=ROOM),
        works(EMPLOYER, "ASN", day="2024-12-05"),
        visit(2, WORKER, day="2025-01-10", home=POOR, address=ROOM),
    )
    assert village.seal("2025-Q1").lines == GRANTED

    village.tells(card(1, (EMPLOYER, HEAD), (WORKER, HELPER), day="2025-04-20"))
    second = village.seal("2025-Q2")
    assert second.lines == [
        ("Painem", "PBI_JK", "REVOKED", "ANGGOTA_APARATUR", 126_000, None),
        ("Painem", "SEMBAKO", "REVOKED", "ANGGOTA_APARATUR", 600_000, None),
    ]
    line = second.line(WORKER, "SEMBAKO")
    assert {"name": "asn_dalam_keluarga", "value": "ya"} in line["values"]
    assert line["rule"] == "SEMBAKO:aparatur"
    assert line["objection_until"] is not None
    return village


def test_a_domestic_worker_on_the_card_of_an_asn() -> None:
    village = removed()
    village.tells(ON_HER_OWN)
    assert village.seal("2025-Q3").lines == GRANTED


def test_the_house_of_the_employer_does_not_follow_her() -> None:
    village = removed()
    village.tells(comfortable(1, EMPLOYER, WORKER, day="2025-07-05"), ON_HER_OWN)
    assert village.seal("2025-Q3").lines == GRANTED
