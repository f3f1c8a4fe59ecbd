"""The state folder: where it is, what it keeps secret, what is removed from it."""

import base64
import json
import os
import time
from pathlib import Path

import pytest

from portal.devtools import suite
from portal.devtools.demo import Wishes, _memory, _size
from portal.devtools.paths import StateFolder, others_can_reach, state_folder
from portal.devtools.say import Trouble
from portal.devtools.secrets import load_secrets, write_private


def test_state_lies_in_the_checkout_unless_root_works_in_a_closed_folder(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = open_folder / "home" / "checkout"
    checkout.mkdir(parents=True)
    checkout.parent.chmod(0o700)
    assert not others_can_reach(checkout)

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert state_folder({}, checkout).root == checkout / ".state"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    closed = state_folder({}, checkout).root
    assert closed.parent == Path("/var/lib/kohtaanto")
    assert closed != state_folder({}, checkout.parent).root, "two checkouts never share a folder"
    with pytest.raises(Trouble, match="other users cannot enter"):
        state_folder({"KOHTAANTO_STATE_DIR": str(checkout / "mine")}, checkout)

    checkout.parent.chmod(0o755)
    assert state_folder({}, checkout).root == checkout / ".state"
    assert state_folder({"KOHTAANTO_STATE_DIR": str(open_folder)}, checkout).root == open_folder


def test_secrets_are_made_once_closed_to_others_and_completed(open_folder: Path) -> None:
    path = open_folder / "secrets.json"
    made = load_secrets(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_secrets(path) == made
    assert len(base64.urlsafe_b64decode(made["IDENTITY_KEYS"])) == 32
    assert len(set(made.values())) == len(made)

    older = {name: value for name, value in made.items() if name != "IDENTITY_INDEX_KEY"}
    write_private(path, json.dumps(older))
    completed = load_secrets(path)
    assert completed["IDENTITY_KEYS"] == made["IDENTITY_KEYS"]
    assert completed["IDENTITY_INDEX_KEY"] != made["IDENTITY_INDEX_KEY"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_broken_secrets_are_not_replaced_silently(open_folder: Path) -> None:
    path = open_folder / "secrets.json"
    path.write_text("{")
    with pytest.raises(Trouble, match="cannot be read"):
        load_secrets(path)
    assert path.read_text() == "{"


def test_demo_keeps_its_size_until_it_is_made_anew(open_folder: Path) -> None:
    state = StateFolder(open_folder)
    state.postgres.mkdir()
    first = Wishes(size="M", port=8000, esco=None, fresh=False)
    again = Wishes(size=None, port=8000, esco=None, fresh=False)
    assert _size(state, again) == "S"
    assert _size(state, first) == "M"
    _memory(state).write_text('{"size": "M"}')
    assert _size(state, again) == "M"
    with pytest.raises(Trouble, match="--fresh --size L"):
        _size(state, Wishes(size="L", port=8000, esco=None, fresh=False))
    assert _size(state, Wishes(size="L", port=8000, esco=None, fresh=True)) == "L"


def test_throw_away_folder_is_removed_and_so_are_those_of_killed_runs(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suite.tempfile, "tempdir", str(open_folder))
    abandoned, young = (open_folder / f"kohtaanto-test-{name}" for name in ("abandoned", "young"))
    for folder in (abandoned, young):
        folder.mkdir()
        (folder / "owner.lock").touch()
    long_ago = time.time() - 3600
    os.utime(abandoned, (long_ago, long_ago))

    with suite.throw_away_state() as state:
        assert state.root.parent == open_folder
        assert not abandoned.exists()
        assert young.exists(), "perhaps a run that just begins"
        with suite.throw_away_state() as second:
            assert second.root != state.root
    assert not state.root.exists()
