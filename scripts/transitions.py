"""Print the diagram of the README: the life of a petition, made from ``petitions/lifecycle/rules/states.py``."""

from petitions.lifecycle.rules.states import TRANSITIONS


def diagram() -> str:
    """The transition table as a Mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    for row in TRANSITIONS:
        who = ", ".join(sorted(actor.value for actor in row.actors))
        lines.append(f"    {row.source} --> {row.target}: {row.act} ({who})")
    return "\n".join([*lines, "```"])


if __name__ == "__main__":
    print(diagram())  # noqa: T201 - a command speaks to its reader
