"""The commands of Apache Jena from Debian's jars, which come without the scripts that start them.

jena = Jena(folder)
jena.run("tdb2.tdbloader", "--loc=DB", "graph.nq")
jena.commands            # a folder with these as scripts, for PATH
"""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

JARS = Path("/usr/share/java")
_NEEDED = [
    *(
        f"jena-{name}"
        for name in (
            "arq",
            "base",
            "cmds",
            "core",
            "dboe-base",
            "dboe-index",
            "dboe-storage",
            "dboe-trans-data",
            "dboe-transaction",
            "iri",
            "rdfconnection",
            "shacl",
            "shex",
            "tdb",
            "tdb2",
        )
    ),
    "commons-cli",
    "commons-codec",
    "commons-compress",
    "commons-csv",
    "commons-io",
    "commons-lang3",
    "dexx.collection",
    "failureaccess",
    "gson",
    "guava",
    "httpclient",
    "httpcore",
    "jackson-annotations",
    "jackson-core",
    "jackson-databind",
    "jakarta.json-api",
    "jsonld-java",
    "protobuf",
    "slf4j-api",
    "slf4j-nop",
    "thrift",
    "titanium-json-ld",
]
_COMMANDS = ("tdb2.tdbloader", "tdb2.tdbquery")
_MOVED = "org/apache/jena/ext/"


class Jena:
    """Jena's classes, and scripts for its commands.

    :param folder: an empty folder for the scripts
    """

    def __init__(self, folder: Path) -> None:
        self.commands = folder
        texts = folder / "texts"
        # Debian moves the texts of Xerces within the jar and leaves its classes where they look for them in the old place.
        with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
            for name in jar.namelist():
                if name.startswith(_MOVED) and name.endswith(".properties"):
                    file = texts / name.removeprefix(_MOVED)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(jar.read(name))
        there = [JARS / f"{name}.jar" for name in _NEEDED if (JARS / f"{name}.jar").exists()]
        self.classpath = ":".join(map(str, [texts, *there]))
        for command in _COMMANDS:
            script = folder / command
            script.write_text(f"#!/bin/sh\nexec java -cp '{self.classpath}' {command} \"$@\"\n")
            script.chmod(0o755)

    @staticmethod
    def missing() -> str | None:
        """What is not installed, as a reason to skip; None if all is there."""
        if shutil.which("javac") is None:
            return "javac not found (Debian: apt install default-jdk-headless)"
        return None if (JARS / "jena-tdb2.jar").exists() else "Jena not found (Debian: apt install libapache-jena-java)"

    @staticmethod
    def version() -> str:
        """The version in the name of the jar."""
        return (JARS / "jena-tdb2.jar").resolve().stem.rpartition("-")[2]

    def run(self, command: str, *arguments: str) -> str:
        """Run one command; returns what it prints."""
        done = subprocess.run([self.commands / command, *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout
