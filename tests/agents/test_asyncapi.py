"""Aims at: the AsyncAPI document says of every topic what the list and the schemas say; the committed one is fresh."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from agents import topics
from agents.asyncapi import AVRO, as_yaml, asyncapi
from agents.cli import main
from agents.clients.cloudevents import CONTENT_TYPE, HEADERS, SPECIFICATION
from agents.settings import Settings
from schemas.registry import contracts

COMMITTED = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"
SPECIFIED = Path(__file__).parent / "asyncapi" / "3.0.0.json"
WANTED = topics.topics(Settings(broker=""))


def test_the_committed_document_is_what_is_generated() -> None:
    fresh = COMMITTED.read_text(encoding="utf-8") == as_yaml()
    assert fresh, "run `dtsen topics asyncapi --out docs/asyncapi.yaml` and commit it"


def test_yaml_holds_the_document() -> None:
    assert yaml.safe_load(as_yaml()) == asyncapi()


def test_it_is_what_asyncapi_specifies() -> None:
    validator = jsonschema.Draft7Validator(json.loads(SPECIFIED.read_text(encoding="utf-8")))
    document = asyncapi()
    assert [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)] == []
    wrong = copy.deepcopy(document)
    wrong["channels"]["population.lahir"]["bindings"]["kafka"]["partitions"] = 0
    assert [error.json_path for error in validator.iter_errors(wrong)] == ["$.channels['population.lahir']"]


def test_every_topic_has_a_channel_with_known_messages() -> None:
    document = asyncapi()
    assert list(document["channels"]) == [topic.name for topic in WANTED]
    messages = document["components"]["messages"]
    for topic in WANTED:
        channel = document["channels"][topic.name]
        assert topic.records, f"say in agents/topics.py which records travel in {topic.name}"
        assert set(channel["messages"]) == set(topic.records) <= set(messages)
        assert channel["bindings"]["kafka"]["partitions"] == topic.partitions
    for name, message in messages.items():
        assert message["payload"] == {"schemaFormat": AVRO, "schema": contracts().by_name[name].schema}


def test_a_schema_says_in_which_topic_it_travels() -> None:
    """Schemas name their topic too, some without its last part."""
    for topic in WANTED:
        for record in topic.records:
            said = contracts().by_name[record].topic
            assert said is None or topic.name.startswith(said) or topic.name == topics.PREVIEW, (topic.name, record)


def test_the_register_receives_events_and_sends_the_rest() -> None:
    actions: dict[str, set[str]] = {}
    for operation in asyncapi()["operations"].values():
        name = operation["channel"]["$ref"].removeprefix("#/channels/")
        actions.setdefault(name, set()).add(operation["action"])
    assert actions.keys() == {topic.name for topic in WANTED}
    events = {event.topic for event in contracts().events}
    assert {name for name, them in actions.items() if them == {"receive"}} == events
    assert actions[topics.FACTS] == {"send", "receive"}
    assert actions[topics.MANIFESTS] == actions["intake.rejected.bps"] == {"send"}


def test_events_have_their_headers_and_ids() -> None:
    messages = asyncapi()["components"]["messages"]
    for event in contracts().events:
        message = messages[event.name]
        assert set(message["headers"]["properties"]) == {SPECIFICATION[0], CONTENT_TYPE[0], *HEADERS}
        assert message["headers"]["properties"]["ce_type"]["const"] == f"id.go.dtsen.{event.name}"
        assert [contracts().by_confluent_id[it].fingerprint for it in message["x-confluent-ids"]] == [
            int(it, 16) for it in message["x-fingerprints"]
        ]


def test_the_command_writes_it_without_a_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DTSEN_BROKER", raising=False)
    run = CliRunner(env={"DTSEN_HOME": str(tmp_path), "DTSEN_REALM": "other"})
    assert run.invoke(main, ["topics", "asyncapi"]).output == as_yaml()
    out = tmp_path / "asyncapi.yaml"
    assert run.invoke(main, ["topics", "asyncapi", "--out", str(out)]).exit_code == 0
    assert out.read_text(encoding="utf-8") == as_yaml()
    nowhere = run.invoke(main, ["topics", "asyncapi", "--out", str(tmp_path / "no" / "file")])
    assert nowhere.exit_code == 1
    assert "cannot be written" in nowhere.output
