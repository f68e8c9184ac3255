"""Aims at: the one list reaches a real cluster, drift is shown, and nothing that would move a person is done."""

import dataclasses
import json
import time

import pytest
from click.testing import CliRunner
from kafka.admin import ConfigResource, ConfigResourceType

from agents import provisioning, topics
from agents.cli import main
from agents.settings import Settings
from schemas.registry import contracts

pytestmark = pytest.mark.kafka


def test_every_contract_has_its_topic(settings: Settings) -> None:
    wanted = {topic.name: topic for topic in topics.topics(settings)}
    assert len(wanted) == len(topics.topics(settings))
    for event in contracts().events:
        assert event.topic is not None
        topic = wanted[settings.topic(event.topic)]
        assert topic.append_time, "cuts are chosen by append time"
        assert topic.may_grow
    for code in [*contracts().producers_by_code, "unknown"]:
        assert settings.topic(f"intake.rejected.{code}") in wanted
    together = [topics.FACTS, topics.MEMBERS, topics.ANSWERS, *map(topics.changes, contracts().payers)]
    assert {wanted[settings.topic(name)].partitions for name in together} == {settings.partitions}
    assert {wanted[settings.topic(name)].partitions for name in (topics.LOG, topics.MANIFESTS)} == {1}


def test_writes_need_all_replicas_but_one_where_there_are_three(settings: Settings) -> None:
    three = topics.topics(dataclasses.replace(settings, replicas=3))
    assert {topic.config["min.insync.replicas"] for topic in three} == {"2"}
    assert {topic.config["min.insync.replicas"] for topic in topics.topics(settings)} == {"1"}


def test_apply_then_drift_then_mend(settings: Settings) -> None:
    wanted = topics.topics(settings)
    with provisioning.admin_client(settings) as client:
        assert {(d.what, d.found) for d in provisioning.drift(client, wanted)} == {("topic", "missing")}
        assert len(provisioning.apply(client, wanted, yes=False).created) == len(wanted)
        assert provisioning.drift(client, wanted) == []

        facts = settings.topic(topics.FACTS)
        client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, facts, {"retention.ms": "1000"})])
        expected = [provisioning.Drift(facts, "retention.ms", "-1", "1000")]
        end = time.monotonic() + 60
        while provisioning.drift(client, wanted) != expected:
            assert time.monotonic() < end, "the changed setting is not seen"
            time.sleep(0.05)
        assert provisioning.apply(client, wanted, yes=False).left, "a setting is not mended without --yes"
        assert provisioning.apply(client, wanted, yes=True).changed
        assert provisioning.drift(client, wanted) == []

        bigger = topics.topics(dataclasses.replace(settings, event_partitions=4, partitions=6))
        done = provisioning.apply(client, bigger, yes=True)
        assert {d.topic for d in done.changed} == {settings.topic(e.topic or "") for e in contracts().events}
        assert facts in {d.topic for d in done.left}, "persons would move to other partitions"


def test_the_commands_say_it_and_exit_by_it(settings: Settings) -> None:
    run = CliRunner(env=settings.environment())
    missing = run.invoke(main, ["topics", "diff", "--json"])
    assert missing.exit_code == 1
    assert all(each["what"] == "topic" for each in json.loads(missing.output))
    assert run.invoke(main, ["topics", "apply"]).exit_code == 0
    same = run.invoke(main, ["topics", "diff"])
    assert (same.exit_code, same.output) == (0, "The cluster holds what the list says.\n")
    described = run.invoke(main, ["topics", "describe"]).output
    assert "register.facts" in described
    assert "for ever" in described


def test_no_broker_is_a_sentence() -> None:
    said = CliRunner(env={"DTSEN_BROKER": "127.0.0.1:1"}).invoke(main, ["topics", "diff"])
    assert said.exit_code == 1
    assert "No broker answers at 127.0.0.1:1" in said.output
