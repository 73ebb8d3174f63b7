"""Sign-in and people at the desks: addresses."""

from typing import Final

from petitions.http.routing import Row
from petitions.lifecycle.registration import PeriodicJob, Registration
from petitions.staff.acts import sessions
from petitions.staff.pages import people, sign_in

REGISTRATION: Final = Registration(
    name="staff",
    jobs=(PeriodicJob("sign-in links and sessions", lambda service, now: sessions.forget_traces(service, now=now)),),
    routes=(
        Row("GET", "/staff/sign-in", "everyone", sign_in.sign_in_form),
        Row("POST", "/staff/sign-in", "everyone", sign_in.ask_link),
        Row("GET", "/staff/sign-in/{token}", "holder", sign_in.link_form),
        Row("POST", "/staff/sign-in/{token}", "holder", sign_in.sign_in),
        Row("POST", "/staff/sign-out", "everyone", sign_in.sign_out),
        Row("GET", "/staff/people", "administrator", people.index),
        Row("POST", "/staff/people", "administrator", people.add),
        Row("GET", "/staff/people/{id}", "administrator", people.person),
        Row("POST", "/staff/people/{id}", "administrator", people.change),
    ),
)
