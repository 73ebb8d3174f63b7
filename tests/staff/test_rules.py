"""Which changes of roles are allowed, and which would lock everybody out."""

from dataclasses import replace

from petitions.staff.rules import StaffPost, changes, loses_something, refusal

CLERK = StaffPost("Tess de Groot", "nl", False, False, ("cie-a", "cie-b"), True)
BOSS = StaffPost("Baas", "nl", False, True, (), True)


def test_nobody_takes_the_last_key_away() -> None:
    gone, demoted = replace(BOSS, active=False), replace(BOSS, is_administrator=False)
    for after in (gone, demoted):
        assert refusal(BOSS, after, is_self=True, other_administrators=3) == "yourself"
        assert refusal(BOSS, after, is_self=False, other_administrators=0) == "last_administrator"
        assert refusal(BOSS, after, is_self=False, other_administrators=1) is None
    assert refusal(BOSS, replace(BOSS, name="Bazin"), is_self=True, other_administrators=0) is None
    assert refusal(CLERK, replace(CLERK, active=False), is_self=False, other_administrators=1) is None


def test_who_may_do_less_loses_the_session() -> None:
    assert loses_something(CLERK, replace(CLERK, committees=("cie-a",)))
    assert loses_something(CLERK, replace(CLERK, active=False))
    assert loses_something(BOSS, replace(BOSS, is_administrator=False))
    assert not loses_something(CLERK, replace(CLERK, committees=("cie-a", "cie-b", "cie-c"), is_moderator=True))
    assert not loses_something(replace(CLERK, active=False), CLERK)


def test_changes_are_named_field_by_field() -> None:
    assert changes(CLERK, CLERK) == {}
    assert changes(CLERK, replace(CLERK, active=False, committees=())) == {
        "committees": [["cie-a", "cie-b"], []],
        "active": [True, False],
    }
    assert changes(None, BOSS)["name"] == [None, "Baas"]
