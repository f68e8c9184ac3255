"""Topics of a test's own, on the session's real broker."""

import asyncio
import uuid
from collections.abc import Callable, Iterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

MakeTopic = Callable[..., str]


@pytest.fixture
def make_topic(broker: str) -> Iterator[MakeTopic]:
    """Creates a topic with a name of its own; all are deleted after the test."""
    made: list[str] = []

    async def create(name: str, partitions: int, configs: dict[str, str]) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=broker)
        await admin.start()
        try:
            response = await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=configs)])
            assert all(error[1] == 0 for error in response.topic_errors), response
        finally:
            await admin.close()

    async def delete() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=broker)
        await admin.start()
        try:
            await admin.delete_topics(made)
        finally:
            await admin.close()

    def make(partitions: int = 1, **configs: str) -> str:
        name = f"t{uuid.uuid4().hex[:12]}"
        asyncio.run(create(name, partitions, {key.replace("_", "."): value for key, value in configs.items()}))
        made.append(name)
        return name

    yield make
    if made:
        asyncio.run(delete())
