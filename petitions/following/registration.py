"""Following by e-mail: its addresses, its mails, its jobs, and the data that it deletes."""

from typing import Final

from petitions.following.acts import upkeep
from petitions.following.jobs import read_mails, tell_followers
from petitions.following.mails.compose import TO_FOLLOWERS, write_to_follower
from petitions.following.mails.specimens import specimens
from petitions.following.pages import follow_form as following
from petitions.following.pages import my_follows
from petitions.following.rules import UNCONFIRMED_KEPT
from petitions.http.routing import Row
from petitions.lifecycle.mails.writing import SubjectMail
from petitions.lifecycle.pages.parts import SubjectRetention
from petitions.lifecycle.registration import PeriodicJob, Registration

REGISTRATION: Final = Registration(
    name="following",
    routes=(
        Row("GET", "/{lang}/follow", "everyone", following.follow_form),
        Row("POST", "/{lang}/follow", "everyone", following.follow),
        Row("GET", "/{lang}/follow/link", "everyone", following.link_form),
        Row("POST", "/{lang}/follow/link", "everyone", following.send_link),
        Row("GET", "/{lang}/follow/confirm/{token}", "holder", following.confirm_form),
        Row("POST", "/{lang}/follow/confirm/{token}", "holder", following.confirm),
        Row("GET", "/{lang}/following/{token}", "holder", my_follows.page),
        Row("POST", "/{lang}/following/{token}", "holder", my_follows.change),
        Row("GET", "/{lang}/unfollow/{token}", "holder", my_follows.unfollow_form),
        Row("POST", "/{lang}/unfollow/{token}", "holder", my_follows.unfollow),
        Row("GET", "/{lang}/undigest/{token}", "holder", my_follows.stop_digests_form),
        Row("POST", "/{lang}/undigest/{token}", "holder", my_follows.stop_digests),
    ),
    mail=SubjectMail(TO_FOLLOWERS, read_mails, write_to_follower, {"event_followers": tell_followers}),
    specimens=specimens,
    jobs=(
        PeriodicJob("follow digests", lambda service, now: upkeep.queue_digests(service, now=now)),
        PeriodicJob("follow forgetting", lambda service, now: upkeep.forget(service, now=now)),
    ),
    retention=(SubjectRetention("follow_requests", UNCONFIRMED_KEPT),),
    forget_people=upkeep.stop_petition,
)
