"""The journeys at the desks, each in every language, with script and without: moderators, a clerk, an administrator."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from petitions.lifecycle.procedure_files import load_procedures, load_reasons
from tests.stories import acts
from tests.stories.person import People, Person, at_desk, every_way, language, people, seeds, somebody, windows
from tests.stories.seeding import COUNCIL, Seeds
from tests.stories.waiting import leads_on

__all__ = ["language", "people", "seeds", "somebody", "windows"]
TITLES = {"nl": "Geef elke trein een stille coupé in de avond", "en": "Give every train a quiet coach in the evening"}


def sign_in(person: Person, email: str) -> None:
    """Ask for a link, open it and press the button."""
    before = person.running.mailbox.mark()
    person.go("/staff/sign-in")
    person.is_at("Sign in")
    person.fill("Work e-mail address", email)
    person.press("Mail me a link")
    person.is_at("Look in your mail")
    person.go_by(person.is_mailed(email, "Sign in", after=before), "staff/sign-in")
    person.is_at("Sign in")
    person.press("Sign in")


@every_way
def test_a_refusal_by_two_an_objection_and_a_third(people: People, seeds: Seeds, language: str) -> None:
    title = TITLES[language]
    made = seeds.do(lambda world, now: world.moderated("nl-burgerinitiatief", now=now, title=title, language=language))
    desk = f"/staff/petitions/{made.petition_id}"
    first = at_desk(people(), seeds, "Noor Bakker", role="moderator")
    first.go(desk)
    first.is_at_petition(title)
    first.press("Take up")
    first.open("Propose to refuse this petition")
    ground = load_procedures()["nl-burgerinitiatief", 2].ground("no_clear_proposal")
    assert ground
    first.page.get_by_role("radio", name=ground.text[language], exact=True).check()
    first.press("Put in the standard text (Dutch)" if language == "nl" else "Put in the standard text (English)")
    canned = load_reasons().of("nl-burgerinitiatief", ground.code)
    assert canned
    refusal = first.page.get_by_role("group").filter(has=first.find("button", "Send the proposal to a colleague"))
    expect(refusal.get_by_role("textbox", name=first.says("Reason"), exact=True)).to_have_value(canned.reason[language])
    first.press("Send the proposal to a colleague")
    first.reads("Your proposal waits for a second reader.")
    assert first.find("button", "Agree and reject").count() == 0

    second = at_desk(people(), seeds, "Amir Haddad", role="moderator")
    second.go("/staff?show=second")
    second.press("Take up", after=f": {title}")
    second.press("Agree and reject")
    second.reads("The petition is rejected. Its initiator gets a mail with the reason.")

    initiator = people()
    initiator.go(seeds.link(language, "manage", made))
    initiator.is_at_petition(title)
    initiator.reads("We did not accept your petition")
    initiator.open("Object to the rejection")
    initiator.press("Send the objection")
    initiator.is_told_what_is_wrong("Why the rejection is wrong")
    initiator.fill("Why the rejection is wrong", "Er staat wel een regel in: artikel 12 van de Spoorwegwet.")
    initiator.press("Send the objection")
    initiator.reads("Your objection is with us")

    first.go("/staff?show=objections")
    first.reads("A colleague decides: you took part in the rejection.")
    third = at_desk(people(), seeds, "Ilse Vos", role="moderator")
    third.go("/staff?show=objections")
    third.follow("Decide", after=f": {title}")
    third.is_at_petition(title)
    third.fill("Reason", "U heeft gelijk. De tekst noemt de wet.")
    third.press("The initiator is right: check it again")
    third.reads("The rejection is undone. The initiator gets a mail. Now decide about the petition.")
    third.press("Open the petition")
    third.reads("The petition is open. Its initiator gets a mail.")
    initiator.waits_for(f"/{language}/petitions/{made.petition_id}", "U heeft gelijk. De tekst noemt de wet.")
    initiator.is_at_petition(title)


@every_way
def test_a_petition_is_rejected_mended_and_accepted(people: People, seeds: Seeds, language: str) -> None:
    title, better = f"{TITLES[language]} nu", f"{TITLES[language]} en de nacht"
    made = seeds.do(lambda world, now: world.moderated("nl-kamer-petitie", now=now, title=title, language=language))
    desk = f"/staff/petitions/{made.petition_id}"
    moderator = at_desk(people(), seeds, "Noor Bakker", role="moderator")
    moderator.go(desk)
    moderator.press("Take up")
    moderator.open("Reject this petition")
    moderator.press("Reject the petition")
    moderator.is_told_what_is_wrong("Ground")
    moderator.page.get_by_role("group", name=moderator.says("Ground")).get_by_role("radio").first.check()
    refusal = moderator.page.get_by_role("group").filter(has=moderator.find("button", "Reject the petition"))
    refusal.get_by_role("textbox", name=moderator.says("Reason"), exact=True).fill(
        "Het gaat over één persoon. Schrijf wat er anders moet."
    )
    moderator.press("Reject the petition")
    moderator.reads("The petition is rejected. Its initiator gets a mail with the reason.")

    initiator = people()
    initiator.go(seeds.link(language, "manage", made))
    initiator.sees("Schrijf wat er anders moet.")
    initiator.follow("Mend the text and send it in again")
    initiator.is_at("Mend the text")
    initiator.fill("Title", better)
    initiator.press("Save and send in again")
    initiator.reads("Your petition is sent in again.")
    initiator.is_at_petition(better)
    moderator.go(desk)
    moderator.press("Take up")
    moderator.press("Open the petition")
    moderator.reads("The petition is open. Its initiator gets a mail.")
    initiator.waits_for(f"/{language}/petitions/{made.petition_id}", better)


@every_way
def test_clerk_records_a_step(people: People, seeds: Seeds, language: str) -> None:
    title = f"{TITLES[language]} in de gemeente"
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%d-%m-%Y")

    code = "nl-gemeente-initiatief"
    made = seeds.do(lambda world, now: world.referred(code, now=now, title=title, language=language))
    clerk, reader = people(), people()
    sign_in(clerk, seeds.employ("Hilde", language, committees=(COUNCIL,)))
    clerk.is_at("Referrals")
    clerk.go("/committee?show=new")  # what another way of this story recorded already lies elsewhere
    clerk.read_about(title)
    clerk.is_at_petition(title)
    steps = {step.code: step.name[language] for step in load_procedures()[code, 1].steps}
    leads_on(clerk.page.get_by_role("link", name=steps["received"], exact=True))
    clerk.fill("On which day?", "gisteren")
    clerk.press("Record and publish")
    clerk.is_told_what_is_wrong("On which day?")
    clerk.fill("On which day?", today)
    clerk.press("Record and publish")
    clerk.reads("The step is recorded")
    leads_on(clerk.page.get_by_role("link", name=steps["check"], exact=True))
    clerk.fill("On which day?", today)
    clerk.fill("What was checked, and what came out of it", "Er zijn genoeg geldige handtekeningen van inwoners.")
    clerk.press("Record and publish")
    clerk.reads("The step is recorded")
    clerk.follow("Take more time")
    clerk.press("Record and publish")
    clerk.is_told_what_is_wrong("New date", "Reason")
    reader.waits_for(f"/{language}/petitions/{made.petition_id}", "Er zijn genoeg geldige handtekeningen van inwoners.")
    reader.is_at_petition(title)


@every_way
def test_administrator_lets_somebody_work_here(people: People, seeds: Seeds, language: str) -> None:
    page, newcomer = people(), acts.fresh_address()
    sign_in(page, seeds.employ("Ruud", language, role="administrator"))
    page.follow("People")
    page.is_at("People who work here")
    page.press("Let this person work here")
    page.is_told_what_is_wrong("Work e-mail address", "Name")
    page.fill("Work e-mail address", newcomer)
    page.fill("Name", "Ilse Vos")
    page.pick("Language of the desk", {"nl": "Nederlands", "en": "English"}[language])
    page.tick("Moderator")
    page.press("Let this person work here")
    page.reads("Works here")
    moderator = people()
    sign_in(moderator, newcomer)
    moderator.is_at("Queue")

    page.page.get_by_role("main").get_by_role("checkbox", name=page.says("Works here")).uncheck()
    page.press("Save")
    page.reads("What was changed")
    moderator.go("/staff")
    moderator.is_at("Sign in")  # at once
