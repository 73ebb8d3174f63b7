"""What the operator decides: clear refusals, no default secret outside the demo."""

from pathlib import Path

import pytest

from petitions.errors import ConfigurationError
from petitions.settings import read

COMPLETE = {
    "DATABASE_URL": "postgresql://localhost/petitions",
    "SMTP_URL": "smtp://localhost:25",
    "PUBLIC_URL": "https://petities.example/",
    "SECRET_KEY": "x" * 32,
}


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_what_is_missing_in_production_is_named_in_one_line(name: str, tmp_path: Path) -> None:
    environ = {key: value for key, value in COMPLETE.items() if key != name} | {"DATA_DIR": str(tmp_path)}
    with pytest.raises(ConfigurationError, match=name) as caught:
        read(environ)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_complete_settings_are_read() -> None:
    settings = read(COMPLETE | {"SECRET_KEY": f"{'n' * 32}, {'o' * 32}", "PORT": "9000", "WORKER_NICE": "0"})
    assert settings.worker_nice == 0
    assert settings.secrets == ("n" * 32, "o" * 32)
    assert (settings.port, settings.public_url, settings.demo) == (9000, "https://petities.example", False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "x"),
        ("PORT", "0"),
        ("WORKER_NICE", "-1"),
        ("MAILS_PER_SECOND", "0"),
        ("SECRET_KEY", "short"),
        ("PUBLIC_URL", "x"),
    ],
)
def test_wrong_values_are_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read(COMPLETE | {name: value})


def test_demo_makes_a_secret_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    environ = {key: COMPLETE[key] for key in ("DATABASE_URL", "SMTP_URL")} | {"DEMO": "1", "DATA_DIR": str(tmp_path)}
    first, second = read(environ), read(environ)
    assert first.secrets == second.secrets
    assert len(first.secrets[0]) >= 32
    assert (tmp_path / "demo-secret").stat().st_mode & 0o077 == 0


def test_files_of_documents_have_a_folder_of_their_own(tmp_path: Path) -> None:
    environ = COMPLETE | {"DATA_DIR": str(tmp_path)}
    assert read(environ).documents_dir == tmp_path / "documents"
    assert read(environ | {"DOCUMENTS_DIR": str(tmp_path / "x" / "..")}).documents_dir == tmp_path
