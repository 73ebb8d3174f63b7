"""The journeys of citizens, each in every language, with script and without: start, support, sign, find, manage."""

import re
from datetime import datetime

import httpx
from playwright.sync_api import expect

from petitions.lifecycle.acts import drafting, signing
from petitions.lifecycle.procedure_files import load_procedures
from petitions.mailbox.reads import CaughtMail
from petitions.security.tokens import Link
from tests.stories import acts
from tests.stories.mails import link_in
from tests.stories.person import People, Person, at_desk, every_way, language, people, seeds, somebody, windows
from tests.stories.seeding import Seeds
from tests.stories.waiting import PATIENCE
from tests.world import World

__all__ = ["language", "people", "seeds", "somebody", "windows"]
TITLES = {"nl": "Maak het bos bij de Lindelaan groter", "en": "Make the forest at Linden Lane larger"}
LABELS = {
    "Your name": acts.PERSON["name"],
    "Your street and number": acts.PERSON["street"],
    "Your postcode": acts.PERSON["postcode"],
    "Your place of residence": acts.PERSON["place"],
    "Your date of birth": acts.PERSON["birth_date"],
    "The country where you live": "Nederland",
}


def fill_in(person: Person, email: str) -> None:
    """Answer every question about oneself that the page asks."""
    person.fill("Your e-mail address", email)
    for label, answer in LABELS.items():
        if person.find("textbox", label).count():
            person.fill(label, answer)
    declared = person.says("I declare that I meet the conditions: %(who)s", who="")
    declaration = person.page.get_by_role("checkbox", name=declared)
    if declaration.count():
        declaration.check()


def to_the_title(person: Person) -> None:
    """The first questions of the start form."""
    person.go(f"/{person.language}/petitions/new")
    person.is_at("Start a petition")
    person.choose("About many people")
    person.press("Continue")
    person.is_at("Who decides about it?")
    person.choose("The government and parliament of the Netherlands")
    person.press("Continue")
    procedure = load_procedures()["nl-kamer-petitie", 1]
    person.page.get_by_role("radio", name=procedure.name[person.language], exact=True).check()
    person.press("Continue")
    person.is_at("Who may start?")
    person.tick("This holds for me")
    person.press("Continue")
    person.is_at("What is your petition called?")


def from_the_title_on(person: Person, title: str, email: str) -> None:
    """The other questions, up to the mail."""
    person.fill("Title", title)
    person.pick("Subject", person.says("Nature and environment"))
    person.press("Continue")
    alike, text = person.says("Does your petition exist already?"), person.says("What do you ask, and why?")
    heading = person.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(f"{re.escape(alike)}|{re.escape(text)}"))
    if heading.inner_text() == alike:
        person.press("My petition is different, continue")
    person.is_at("What do you ask, and why?")
    person.press("Continue")
    person.is_told_what_is_wrong("What do you ask?", "Why is that needed?")
    person.fill("What do you ask?", acts.REQUEST)
    person.fill("Why is that needed?", acts.REASONS)
    person.press("Continue")
    person.is_at("Who are you?")
    fill_in(person, email)
    person.press("Continue")
    person.is_at("Check your petition")
    person.press("Send me the e-mail")
    person.is_at("Now look in your mail")
    person.sees(email)


def confirm_signature(person: Person, email: str) -> CaughtMail:
    """From the mail, which is given back, to the confirmation."""
    person.is_at("Now look in your mail")
    person.sees(email)
    mail = person.is_mailed(email, "Confirm your signature")
    person.go_by(mail, "confirm")
    person.is_at("Confirm your signature")
    person.press("Confirm my signature")
    person.is_at("Your signature counts")
    return mail


@every_way
def test_from_an_idea_to_a_signature_and_back(people: People, seeds: Seeds, ways: tuple[str, bool]) -> None:
    title = f"{TITLES[ways[0]]} {'met' if ways[1] else 'zonder'}"
    page, starter, signer = people(), acts.fresh_address(), acts.fresh_address()
    to_the_title(page)
    from_the_title_on(page, title, starter)
    page.go_by(page.is_mailed(starter, "Confirm your petition"), "manage")
    page.is_at("Confirm your petition")
    page.press("Confirm and send in")
    page.reads("Your petition is sent in.")
    page.is_at_petition(title)

    moderator = at_desk(people(), seeds, "Noor Bakker", role="moderator")
    moderator.go("/staff")
    moderator.is_at("Queue")
    moderator.press("Take up", after=f": {title}")
    moderator.press("Open the petition")
    moderator.reads("The petition is open. Its initiator gets a mail.")
    moderator.is_at_petition(title)

    page.go(f"/{page.language}/petitions")
    page.find("searchbox", "Search for a petition").fill(title)
    page.press("Search")
    page.read_about(title)
    page.is_at_petition(title)
    address = page.page.url
    page.press("Sign this petition")
    page.is_told_what_is_wrong("Your name", "Your e-mail address")
    page.is_at("Sign this petition")
    fill_in(page, "geen-adres")
    page.press("Sign this petition")
    page.is_told_what_is_wrong("Your e-mail address")
    assert page.find("textbox", "Your name").input_value() == acts.PERSON["name"]
    page.fill("Your e-mail address", signer)
    page.press("Sign this petition")
    mail = confirm_signature(page, signer)
    page.reads("You are number <b>%(number)s</b>.", number=1)
    page.waits_for(address, "1", where="main .count")
    fill_in(page, signer)
    page.press("Sign this petition")  # nobody learns here who signed already: the mail says it
    page.is_at("Now look in your mail")
    page.go_by(page.is_mailed(signer, "You have already signed"), "my-signature")
    page.is_at("Your signature")
    page.tick("Show my name and place on the petition page")
    page.press("Save my choices")
    expect(page.find("checkbox", "Show my name and place on the petition page")).to_be_checked()
    page.waits_for(address, acts.PERSON["name"])
    page.go_by(mail, "my-signature")
    page.press("Take my signature back")
    page.reads("Take your signature back?")
    page.press("Yes, take it back")
    page.is_at("Your signature was taken back")
    page.go_by(mail, "confirm")
    page.is_at("This signature cannot be confirmed")
    assert page.page.context.cookies() == []


@every_way
def test_only_about_me_leads_to_another_door(somebody: Person) -> None:
    page = somebody
    page.go(f"/{page.language}/petitions/new")
    page.press("Continue")
    page.is_told_what_is_wrong()
    page.choose("Only about me")
    page.press("Continue")
    page.is_at("For your own case there is another way")
    assert page.find("textbox", "Title").count() == 0


@every_way
def test_save_and_go_on_later(somebody: Person) -> None:
    page, email = somebody, acts.fresh_address()
    title = TITLES[page.language] + " in het oosten"
    to_the_title(page)
    page.fill("Title", title)
    page.pick("Subject", page.says("Nature and environment"))
    page.press("Save and go on later")
    page.is_at("Save and go on later")
    page.fill("E-mail address", "geen adres")
    page.press("Mail me the link")
    page.is_told_what_is_wrong("E-mail address")
    page.fill("E-mail address", email)
    page.press("Mail me the link")
    page.is_at("Your text is saved")
    page.sees(email)
    mail = page.is_mailed(email, "Go on with your petition")
    assert title not in mail.text
    page.go_by(mail, "saved")
    page.is_at("Go on with your petition")
    page.press("Go on where I stopped")
    page.is_at("What is your petition called?")
    assert page.find("textbox", "Title").input_value() == title
    from_the_title_on(page, title, email)
    page.go_by(page.is_mailed(email, "Confirm your petition"), "manage")
    page.is_at("Confirm your petition")
    gone = page.page.goto(link_in(mail, "/saved/"))  # what was sent in is not kept twice
    assert gone is not None
    assert gone.status in {404, 410}


@every_way
def test_sponsors_bring_a_petition_to_moderation(somebody: Person, seeds: Seeds) -> None:
    page = somebody
    title = f"{TITLES[page.language]} met {acts.fresh_address()[5:11]}"

    async def begin(world: World, now: datetime) -> Link:
        made = await world.draft("uk-parliament", now=now, title=title, language=page.language)
        await drafting.confirm(world.service, made, now=now)
        return made

    manage = seeds.link(page.language, "manage", seeds.do(begin))
    page.go(manage)
    page.is_at_petition(title)
    page.reads("Invite people to support it")
    invitation = page.page.locator("code").inner_text()
    assert f"/{page.language}/sponsor/" in invitation
    page.go(invitation)
    page.is_at_petition(title)
    page.press("Support this petition")
    page.is_told_what_is_wrong("Your name", "Your e-mail address")
    email = acts.fresh_address()
    fill_in(page, email)
    page.press("Support this petition")
    mail = confirm_signature(page, email)
    page.reads("Thank you for supporting this petition before it is public. When enough people do so, we check it.")
    assert title not in mail.text
    answers = acts.PERSON | {"declaration": "yes", "country": "nl"}
    with httpx.Client(timeout=PATIENCE) as client:
        for _ in range(4):
            other = acts.fresh_address()
            assert client.post(invitation, data=answers | {"email": other}).status_code == 200
            link = link_in(page.is_mailed(other, "Confirm your signature"), "/confirm/")
            assert client.post(link).status_code == 200
    page.go(manage)
    page.reads("The text cannot be changed any more.")  # it waits for the moderators
    number = seeds.accept(title)
    page.waits_for(f"/{page.language}/petitions/{number}", "6", where="main .count")  # the initiator and five sponsors
    page.is_at_petition(title)


@every_way
def test_initiator_changes_the_text_before_it_is_sent_in(somebody: Person, seeds: Seeds) -> None:
    page = somebody
    title, better = TITLES[page.language], f"{TITLES[page.language]}!"
    made = seeds.do(lambda world, now: world.draft("nl-kamer-petitie", now=now, title=title, language=page.language))
    page.go(seeds.link(page.language, "manage", made))
    page.is_at("Confirm your petition")
    page.follow("Change the text")
    page.is_at("Change the text")
    page.fill("Title", "")
    page.press("Save")
    page.is_told_what_is_wrong("Title")
    page.fill("Title", better)
    page.press("Save")
    page.reads("Your changes are saved.")
    page.sees(better)
    page.press("Confirm and send in")
    page.reads("Your petition is sent in.")
    page.is_at_petition(better)


@every_way
def test_initiator_publishes_news_and_withdraws(people: People, seeds: Seeds) -> None:
    page, reader = people(), people()
    title = f"{TITLES[page.language]} en houd het open"
    made = seeds.do(lambda world, now: world.opened("nl-kamer-petitie", now=now, title=title, language=page.language))
    address = f"/{page.language}/petitions/{made.petition_id}"
    manage = seeds.link(page.language, "manage", made)
    page.go(manage)
    page.is_at_petition(title)
    page.press("Publish this news")
    page.is_told_what_is_wrong("Title of the news", "The news")
    page.fill("Title of the news", "De boswachter doet mee")
    page.fill("The news", "Zij plant de eerste boom op zaterdag.")
    page.press("Publish this news")
    page.reads("Your news is published. People who asked for news get it by e-mail.")
    reader.waits_for(address, "Zij plant de eerste boom op zaterdag.")
    reader.is_at_petition(title)

    page.go(manage)
    page.press("Withdraw")
    page.is_told_what_is_wrong("Why do you withdraw it?")
    page.fill("Why do you withdraw it?", "Het bos wordt al groter.")
    page.press("Withdraw")
    page.reads("Withdraw this petition?")
    page.press("Yes, withdraw it")
    page.reads("Your petition is withdrawn.")
    reader.waits_for(address, "Het bos wordt al groter.")
    assert reader.find("button", "Sign this petition").count() == 0


@every_way
def test_search_and_filters(somebody: Person, seeds: Seeds) -> None:
    page = somebody
    word = {"nl": "vuurtoren", "en": "lighthouse"}[page.language]
    title = {"nl": "Laat de vuurtoren van Oosterend weer branden", "en": "Let the lighthouse of Eastend shine again"}[
        page.language
    ]
    made = seeds.do(lambda world, now: world.opened("nl-kamer-petitie", now=now, title=title, language=page.language))
    page.go(f"/{page.language}")
    page.find("searchbox", "Search for a petition").fill(f"{word}s")
    page.press("Search")
    page.is_at("Petitions")
    expect(page.page.get_by_role("main").get_by_role("link", name=title).first).to_be_visible()
    page.find("searchbox", "Search for a petition").fill(f"{word[:4]}{word[5:]}")  # a letter is missing
    page.press("Search")
    page.reads("Did you mean “%(words)s”?", words=word)
    page.read_about(title)
    page.is_at_petition(title)
    page.go(f"/{page.language}/petitions?q={word}")
    page.open("Choose a subject, body or rules")
    page.pick("Subject", page.says("Housing"))
    page.press("Show")
    page.is_at("Petitions")
    page.reads("No petition found")
    page.follow("Search everywhere: every subject, body, procedure and committee")
    expect(page.page.get_by_role("main").get_by_role("link", name=title).first).to_be_visible()
    page.follow("Withdrawn")
    page.reads("No petition found")
    page.find("searchbox", "Search for a petition").fill(str(made.petition_id))
    page.press("Search")
    page.is_at_petition(title)
    assert page.page.context.cookies() == []


@every_way
def test_my_signature_news_and_erasure(somebody: Person, seeds: Seeds) -> None:
    page = somebody
    title = TITLES[page.language]

    async def signed(world: World, now: datetime) -> Link:
        made = await world.opened("nl-kamer-petitie", now=now, title=title, language=page.language)
        link = await world.pending(made.petition_id, now=now, news=True)
        await signing.confirm(world.service, link, now=now)
        return link

    link = seeds.do(signed)
    page.go(seeds.link(page.language, "unsubscribe", link))
    page.is_at("No more mail about this petition")
    page.press("Stop the mail")
    page.reads("You get no more mail about this petition. Your signature still counts.")
    own = seeds.link(page.language, "signature", link, "my-signature")
    page.go(own)
    page.is_at("Your signature")
    expect(page.find("checkbox", "Mail me when there is news about this petition")).not_to_be_checked()
    page.tick("Mail me when there is news about this petition")
    page.press("Save my choices")
    expect(page.find("checkbox", "Mail me when there is news about this petition")).to_be_checked()
    page.press("Erase my details")
    page.reads("Erase your details?")
    page.press("Yes, erase them")
    page.is_at("Your details were erased")
    page.go(own)
    page.reads("erased")
    assert page.find("button", "Save my choices").count() == 0
