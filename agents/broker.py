"""The local broker: one real Apache Kafka node (KRaft, broker and controller in one) on the loopback address."""

import re
import secrets
import shutil
import socket
import subprocess
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from agents import pids
from agents.errors import OperatorError
from agents.settings import ADDRESS_FILE
from agents.tied import tied

PROJECT = Path(__file__).parents[1]
DEPLOY = PROJECT / "deploy" / "kafka"
JARS = PROJECT / ".run" / "kafka" / "jars"  # of the checkout, whatever the home folder: `make setup` fills it by Maven
HOST = "127.0.0.1"
PORTS = range(20_000, 32_000)  # Linux hands out 32768 and up to outgoing connections
START_SECONDS = 120.0  # up in 5 s on an idle machine; a crowded one gets its time
STOP_SECONDS = 60.0
POLL_SECONDS = 0.05

# A broker for one machine: start-up counts more than peak throughput, and the heap stays out of the workers' way.
JVM = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto")

# Internal topics on one node, small; groups form at once; nothing is created by a misspelt name.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
"""


@dataclass(frozen=True)
class Status:
    """What `dtsen broker status` shows."""

    address: str | None  # host:port, None when it does not run
    pid: int | None
    log: Path


class Broker:
    """The broker of one home folder. Its files: `home/kafka/{data,log,server.properties,pid,address}`.

    `tie` ends the broker with the process that started it; tests use this.
    """

    def __init__(self, home: Path, *, jars: Path = JARS, tie: bool = False) -> None:
        self.folder = home.absolute() / "kafka"
        self._jars = jars
        self._tie = tie
        self._pid_file = self.folder / "pid"
        self._address_file = home.absolute() / ADDRESS_FILE
        self._properties = self.folder / "server.properties"
        self._data = self.folder / "data"
        self._log = self.folder / "log"
        self._archive = jars / "broker.jsa"
        self._new_archive = self.folder / "broker.jsa.new"
        self._process: subprocess.Popen[bytes] | None = None  # when this object started it

    def status(self) -> Status:
        pid = pids.running(self._pid_file, str(self._properties))
        address = self._address_file.read_text(encoding="ascii").strip() if self._address_file.exists() else None
        return Status(address if pid else None, pid, self._log / "broker.log")

    def start(self, limit_seconds: float = START_SECONDS) -> Status:
        """Start the broker unless it runs, and return when it serves requests.

        Raises OperatorError when Java or the jars are missing, or it does not come up in time.
        """
        status = self.status()
        if status.address:
            return status
        self._require_java_and_jars()
        self.stop()  # one that never came up
        self._log.mkdir(parents=True, exist_ok=True)
        port = self._write_properties()
        if not (self._data / "meta.properties").exists():
            self._format()
        with (self._log / "console.log").open("ab") as console:
            command = self._java(*self._remember_classes(), "kafka.Kafka", str(self._properties))
            process = self._process = subprocess.Popen(
                tied(command) if self._tie else command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,  # Ctrl-C in the terminal is not meant for the broker
            )
        pids.write(self._pid_file, process.pid)
        self._wait_until_up(process, f"{HOST}:{port}", limit_seconds)
        self._address_file.write_text(f"{HOST}:{port}\n", encoding="ascii")
        return self.status()

    def stop(self) -> bool:
        """Stop the broker; False when it did not run. Its data stay."""
        stopped = pids.stop(self._pid_file, str(self._properties), STOP_SECONDS)
        self._address_file.unlink(missing_ok=True)
        if self._process is not None:
            self._process.wait()
        if self._new_archive.exists():
            shutil.move(self._new_archive, self._archive)
        return stopped

    def _java(self, *arguments: str) -> list[str]:
        return [
            "java",
            *JVM,
            *([f"-XX:SharedArchiveFile={self._archive}"] if self._archive.exists() else []),
            f"-Ddtsen.log={self._log}",
            f"-Dlog4j.configuration=file:{DEPLOY / 'log4j.properties'}",
            "-Dlog4j2.statusLoggerLevel=OFF",  # Kafka also asks log4j 2, which misses a configuration of its own
            "-cp",
            f"{self._jars}/*",
            *arguments,
        ]

    def _remember_classes(self) -> list[str]:
        """Have the first broker write an archive of parsed classes when it stops: later ones start in half the time.

        Not a tied one: writing takes seconds, and a test run has better to do.
        """
        if self._tie or self._archive.exists():
            return []
        return [f"-XX:ArchiveClassesAtExit={self._new_archive}", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"]

    def _format(self) -> None:
        cluster = urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=").replace("-", "A")  # no leading hyphen
        command = self._java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OperatorError(f"Kafka could not format {self._data}: {(done.stdout + done.stderr).strip()}")

    def _write_properties(self) -> int:
        port, controller_port = _free_ports(self._ports_of_last_time())
        text = PROPERTIES.format(host=HOST, port=port, controller_port=controller_port, data=self._data)
        self._properties.write_text(text, encoding="utf-8")
        return port

    def _ports_of_last_time(self) -> tuple[int, int]:
        if not self._properties.exists():
            return 0, 0
        found = re.search(
            r"^listeners=\D+[\d.]+:(\d+),\D+[\d.]+:(\d+)$", self._properties.read_text("utf-8"), re.MULTILINE
        )
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def _require_java_and_jars(self) -> None:
        if shutil.which("java") is None:
            raise OperatorError(
                "Java is missing: install a Java 17 runtime (Debian: apt-get install openjdk-17-jre-headless)."
            )
        if not any(self._jars.glob("kafka_*.jar")):
            raise OperatorError(
                f"Kafka's jars are missing from {self._jars}: run `make setup`, which fetches them by Maven."
            )

    def _wait_until_up(self, process: subprocess.Popen[bytes], address: str, limit_seconds: float) -> None:
        end = time.monotonic() + limit_seconds
        while not _serves(address):
            if process.poll() is not None:
                raise OperatorError(f"The broker ended while it started; its last words:\n{self._last_words()}")
            if time.monotonic() > end:
                self.stop()
                raise OperatorError(f"The broker was not up after {limit_seconds:.0f} s; see {self._log}.")
            time.sleep(POLL_SECONDS)

    def _last_words(self) -> str:
        logs = [self._log / "broker.log", self._log / "console.log"]
        lines = [
            line for log in logs if log.exists() for line in log.read_text("utf-8", errors="replace").splitlines()[-6:]
        ]
        return "\n".join(lines)


def _free_ports(wanted: tuple[int, ...]) -> list[int]:
    """A free port for each wanted one: itself where it is free, else one below those that systems give to clients."""
    sockets: list[socket.socket] = []
    for port in wanted:
        candidate = port or _random_port()
        while not (bound := _bind(candidate)):
            candidate = _random_port()
        sockets.append(bound)
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _random_port() -> int:
    return secrets.choice(PORTS)


def _bind(port: int) -> socket.socket | None:
    candidate = socket.socket()
    candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        candidate.bind((HOST, port))
    except OSError:
        candidate.close()
        return None
    return candidate


def _serves(address: str) -> bool:
    """Whether the broker answers with itself as a member of the cluster, and coordinates groups.

    The port opens a little earlier; and the first question about any group makes the topic of all groups, so that
    the stages don't find it missing.
    """
    host, port = address.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
        admin = KafkaAdminClient(bootstrap_servers=address)
    except (OSError, KafkaError):
        return False
    try:
        if not admin.describe_cluster()["brokers"]:
            return False
        admin.list_group_offsets("nobody")
    except KafkaError:
        return False
    else:
        return True
    finally:
        admin.close()
