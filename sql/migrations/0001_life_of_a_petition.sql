-- The tables of a petition's life, in the order of that life. Names and rules: README, "Architecture".
-- Keys of everything that grows with signatures begin with petition_id, so that these tables can be partitioned or
-- distributed by petition later without a redesign.

create function due_after(first_day date, length interval, working_days integer) returns date
language plpgsql immutable strict parallel safe
as $$
declare
    due date := (first_day + length)::date;
    left_over integer := working_days;
begin
    while left_over > 0 loop
        due := due + 1;
        if extract(isodow from due) < 6 then
            left_over := left_over - 1;
        end if;
    end loop;
    return due;
end
$$;
comment on function due_after(date, interval, integer) is
'The day on which a duration has passed: the same rule as petitions/rules/durations.py, tested to be equal.';

create table procedure_version (
    code text not null,
    version integer not null,
    body text not null,
    content_hash text not null,
    loaded_at timestamptz not null,
    constraint procedure_version_pkey primary key (code, version)
);
comment on table procedure_version is
'Which procedure files were ever loaded: a version that petitions are pinned to may not change its content.';

create table committee (
    slug text not null,
    body text not null,
    constraint committee_pkey primary key (slug)
);
comment on table committee is 'Committees by their slug; names and subjects are data in petitions/procedures.';

create table staff (
    id bigint generated always as identity,
    email text not null,
    name text not null,
    language text not null default 'nl',
    is_moderator boolean not null default false,
    is_administrator boolean not null default false,
    active boolean not null default true,
    created_at timestamptz not null,
    constraint staff_pkey primary key (id),
    constraint staff_email_key unique (email),
    constraint staff_email_check check (email = lower(email)),
    constraint staff_language_check check (language in ('nl', 'en'))
);
comment on table staff is 'People who work at a desk: moderators, clerks of committees, administrators.';
comment on column staff.email is 'Work address, to sign in with. Kept while the person works here.';

create table staff_committee (
    staff_id bigint not null references staff (id),
    committee_slug text not null references committee (slug),
    constraint staff_committee_pkey primary key (staff_id, committee_slug)
);
comment on table staff_committee is 'Which committees a clerk works for; a clerk sees only those.';

create table staff_login (
    token_hash bytea not null,
    staff_id bigint not null references staff (id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint staff_login_pkey primary key (token_hash)
);
comment on table staff_login is 'One-time sign-in links: 10 minutes, single use. Only a hash of the secret is kept.';

create table staff_session (
    token_hash bytea not null,
    staff_id bigint not null references staff (id),
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    constraint staff_session_pkey primary key (token_hash)
);
comment on table staff_session is 'Sessions of staff, on the server. Only a hash of the cookie is kept.';
create index staff_session_staff_idx on staff_session (staff_id);

create table petition (
    id bigint generated always as identity,
    procedure_code text not null,
    procedure_version integer not null,
    body text not null,
    timezone text not null,
    stage text not null,
    language text not null,
    subject text not null,
    title text not null,
    request text not null,
    reasons text not null,
    previous_action text,
    initiator_name text not null,
    initiator_place text,
    initiator_contact bytea,
    initiator_index bytea not null,
    manage_key bytea not null,
    sponsor_key bytea not null,
    data_key bytea,
    salt bytea not null,
    sponsors_required integer not null default 0,
    sponsors_maximum integer not null default 0,
    moderation_within interval not null,
    moderation_working_days integer not null default 0,
    remind_after interval not null,
    forget_after interval not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    submitted_at timestamptz,
    moderation_due_on date,
    claimed_by bigint references staff (id),
    claimed_at timestamptz,
    opened_at timestamptz,
    closes_at timestamptz,
    closed_at timestamptz,
    ended_at timestamptz,
    ground text,
    reason text,
    text_hidden boolean not null default false,
    forgotten_at timestamptz,
    version integer not null default 1,
    search tsvector generated always as (
        setweight(to_tsvector(case language when 'en' then 'english'::regconfig else 'dutch'::regconfig end, title), 'A')
        || setweight(to_tsvector(case language when 'en' then 'english'::regconfig else 'dutch'::regconfig end, request), 'B')
        || setweight(to_tsvector(case language when 'en' then 'english'::regconfig else 'dutch'::regconfig end, reasons), 'D')
    ) stored,
    constraint petition_pkey primary key (id),
    constraint petition_procedure_fkey foreign key (procedure_code, procedure_version)
    references procedure_version (code, version),
    constraint petition_stage_check check (
        stage in ('draft', 'sponsoring', 'moderation', 'open', 'closed', 'rejected', 'withdrawn', 'removed')
    ),
    constraint petition_language_check check (language in ('nl', 'en')),
    constraint petition_confirmed_check check (stage = 'draft' or stage = 'withdrawn' or confirmed_at is not null),
    constraint petition_moderation_check check (
        stage <> 'moderation' or (submitted_at is not null and moderation_due_on is not null)
    ),
    constraint petition_open_check check (stage <> 'open' or opened_at is not null),
    constraint petition_closed_check check (stage <> 'closed' or (opened_at is not null and closed_at is not null)),
    constraint petition_ended_check check (
        stage not in ('rejected', 'withdrawn', 'removed') or (ended_at is not null and reason is not null)
    ),
    constraint petition_ground_check check (stage not in ('rejected', 'removed') or ground is not null),
    constraint petition_data_key_check check (data_key is not null or forgotten_at is not null)
);
comment on table petition is 'One petition: its text, stage and the moments of its life. Labels are derived, never stored.';
comment on column petition.initiator_name is 'Shown with the petition, by the procedure''s rule. Personal data, kept with the petition.';
comment on column petition.initiator_contact is
'Address and e-mail of the initiator, encrypted under data_key. Forgotten after the retention of the procedure.';
comment on column petition.initiator_index is 'Keyed hash of the initiator''s e-mail for this petition.';
comment on column petition.manage_key is 'Random part of the management link; a new one makes older links worthless.';
comment on column petition.sponsor_key is 'Random part of the private invitation for sponsors.';
comment on column petition.salt is 'Random; binds data key and address hashes to this petition.';
comment on column petition.data_key is
'Data key of this petition, wrapped. Deleting it forgets all personal data of its signatories, in back-ups too.';
create index petition_stage_idx on petition (stage, opened_at desc);
create index petition_moderation_idx on petition (moderation_due_on, submitted_at) where stage = 'moderation';
create index petition_closes_idx on petition (closes_at) where stage = 'open';
create index petition_search_idx on petition using gin (search);

create table petition_text (
    petition_id bigint not null references petition (id),
    number integer not null,
    title text not null,
    request text not null,
    reasons text not null,
    previous_action text,
    recorded_at timestamptz not null,
    constraint petition_text_pkey primary key (petition_id, number)
);
comment on table petition_text is 'Every text that was submitted, so that differences between versions can be shown.';

create table moderation_note (
    id bigint generated always as identity,
    petition_id bigint not null references petition (id),
    staff_id bigint not null references staff (id),
    text text not null,
    created_at timestamptz not null,
    constraint moderation_note_pkey primary key (petition_id, id)
);
comment on table moderation_note is 'Private notes of moderators. Never public.';

create table signature_count (
    petition_id bigint not null references petition (id),
    confirmed bigint not null default 0,
    sponsors integer not null default 0,
    changed_at timestamptz not null,
    constraint signature_count_pkey primary key (petition_id),
    constraint signature_count_check check (confirmed >= 0 and sponsors >= 0)
)
with (fillfactor = 50);
comment on table signature_count is
'How many confirmed signatures a petition has: only ever changed by the number of rows moved in the same statement.';

create table pending_signature (
    petition_id bigint not null references petition (id),
    email_index bytea not null,
    token_id bytea not null,
    kind text not null,
    contact bytea not null,
    show_name boolean not null,
    wants_news boolean not null,
    language text not null,
    mails_sent integer not null default 1,
    signed_at timestamptz not null,
    mailed_at timestamptz not null,
    reminded_at timestamptz,
    constraint pending_signature_pkey primary key (petition_id, email_index),
    constraint pending_signature_token_key unique (petition_id, token_id),
    constraint pending_signature_kind_check check (kind in ('signatory', 'sponsor')),
    constraint pending_signature_language_check check (language in ('nl', 'en')),
    constraint pending_signature_index_check check (octet_length(email_index) = 16),
    constraint pending_signature_token_check check (octet_length(token_id) = 16)
);
comment on table pending_signature is
'Signatures that wait for confirmation. One reminder, then forgotten, after the days that the procedure says.';
comment on column pending_signature.email_index is 'Keyed hash of the canonical address, key derived per petition.';
comment on column pending_signature.contact is
'What was typed, encrypted under the petition''s data key. Deleted when confirmed (moved) or after petition.forget_after.';
create index pending_signature_reminder_idx on pending_signature (signed_at) where reminded_at is null;

create table signature (
    petition_id bigint not null references petition (id),
    email_index bytea not null,
    token_id bytea not null,
    kind text not null,
    number bigint not null,
    contact bytea,
    show_name boolean not null,
    wants_news boolean not null,
    language text not null,
    signed_at timestamptz not null,
    confirmed_at timestamptz not null,
    told_at timestamptz,
    constraint signature_pkey primary key (petition_id, email_index),
    constraint signature_token_key unique (petition_id, token_id),
    constraint signature_kind_check check (kind in ('initiator', 'signatory', 'sponsor')),
    constraint signature_language_check check (language in ('nl', 'en')),
    constraint signature_index_check check (octet_length(email_index) = 16),
    constraint signature_token_check check (octet_length(token_id) = 16)
);
comment on table signature is 'Confirmed signatures only. One per petition and address.';
comment on column signature.email_index is 'Keyed hash of the canonical address, key derived per petition.';
comment on column signature.contact is
'What was typed, encrypted under the petition''s data key. Unreadable once that key is deleted; null when its owner deleted it.';
comment on column signature.number is 'The place in the row at the moment of confirmation.';
create index signature_shown_idx on signature (petition_id, confirmed_at desc) where show_name;
create index signature_news_idx on signature (petition_id, token_id) where wants_news;

create table withdrawn_signature (
    petition_id bigint not null references petition (id),
    token_id bytea not null,
    withdrawn_at timestamptz not null,
    constraint withdrawn_signature_pkey primary key (petition_id, token_id)
);
comment on table withdrawn_signature is
'Random numbers of signatures that were taken back, so that an old link can say so. No personal data.';

create table signature_hour (
    petition_id bigint not null references petition (id),
    hour timestamptz not null,
    confirmed integer not null default 0,
    withdrawn integer not null default 0,
    constraint signature_hour_pkey primary key (petition_id, hour)
)
with (fillfactor = 70);
comment on table signature_hour is 'Confirmed and withdrawn signatures per hour (UTC): the growth chart and the recount.';

create table threshold (
    petition_id bigint not null references petition (id),
    code text not null,
    number integer not null,
    effect text not null,
    moment text not null,
    required bigint,
    committee_slug text references committee (slug),
    reply_within interval,
    reply_working_days integer not null default 0,
    reached_at timestamptz,
    constraint threshold_pkey primary key (petition_id, code),
    constraint threshold_effect_check check (effect in ('publish', 'refer', 'respond', 'debate')),
    constraint threshold_moment_check check (moment in ('count', 'opening', 'closing')),
    constraint threshold_required_check check ((moment = 'count') = (required is not null)),
    constraint threshold_committee_check check ((effect = 'publish') = (committee_slug is null))
);
comment on table threshold is
'The thresholds of one petition, copied from its procedure when it opens. A reached threshold stays reached.';

create table event (
    id bigint generated always as identity,
    petition_id bigint not null references petition (id),
    occurred_at timestamptz not null,
    kind text not null,
    actor text not null,
    staff_id bigint references staff (id),
    public boolean not null,
    data jsonb not null default '{}',
    constraint event_pkey primary key (petition_id, id),
    constraint event_actor_check check (
        actor in ('initiator', 'sponsor', 'signatory', 'moderator', 'committee', 'administrator', 'system')
    ),
    constraint event_data_check check (jsonb_typeof(data) = 'object')
);
comment on table event is
'Everything that happened, once: the timeline, the feeds, what people are mailed about, and the audit trail.';
create index event_recent_idx on event (occurred_at desc) where public;

create table referral (
    id bigint generated always as identity,
    petition_id bigint not null references petition (id),
    threshold_code text not null,
    committee_slug text not null references committee (slug),
    effect text not null,
    state text not null,
    created_at timestamptz not null,
    due_on date,
    rapporteur text,
    meeting_at timestamptz,
    meeting_place text,
    outcome text,
    ground text,
    reasons text,
    next_body text,
    follow_up_on date,
    decided_at timestamptz,
    version integer not null default 1,
    constraint referral_pkey primary key (petition_id, id),
    constraint referral_threshold_key unique (petition_id, threshold_code),
    constraint referral_threshold_fkey foreign key (petition_id, threshold_code)
    references threshold (petition_id, code),
    constraint referral_effect_check check (effect in ('refer', 'respond', 'debate')),
    constraint referral_state_check check (
        state in ('waiting', 'received', 'examined', 'admissible', 'inadmissible', 'decided', 'concluded')
    ),
    constraint referral_inadmissible_check check (
        state <> 'inadmissible' or (ground is not null and reasons is not null and decided_at is not null)
    ),
    constraint referral_decided_check check (
        state not in ('decided', 'concluded') or (outcome is not null and reasons is not null and decided_at is not null)
    )
);
comment on table referral is 'A petition before a committee: one per threshold reached, with the state of the handling.';
create index referral_committee_idx on referral (committee_slug, state, due_on);

create table referral_step (
    petition_id bigint not null,
    referral_id bigint not null,
    number integer not null,
    step_code text not null,
    kind text not null,
    recorded_at timestamptz not null,
    happened_on date not null,
    staff_id bigint references staff (id),
    data jsonb not null default '{}',
    constraint referral_step_pkey primary key (petition_id, referral_id, number),
    constraint referral_step_referral_fkey foreign key (petition_id, referral_id) references referral (petition_id, id)
);
comment on table referral_step is 'The steps that a committee took with a referral, in order.';

create table outbox (
    id bigint generated always as identity,
    kind text not null,
    state text not null default 'waiting',
    priority smallint not null default 5,
    petition_id bigint references petition (id),
    token_id bytea,
    event_id bigint,
    staff_id bigint references staff (id),
    secret bytea,
    created_at timestamptz not null,
    next_at timestamptz not null,
    attempts integer not null default 0,
    sent_at timestamptz,
    problem text,
    constraint outbox_pkey primary key (id),
    constraint outbox_state_check check (state in ('waiting', 'sent', 'dropped', 'failed'))
);
comment on table outbox is
'Mail to be sent: who and about what, by reference. The worker renders and sends it; no address or text stands here.';
comment on column outbox.secret is
'Sealed secret of a one-time link (sign-in); emptied when sent.';
create index outbox_waiting_idx on outbox (priority, next_at, id) where state = 'waiting';
create unique index outbox_told_key on outbox (petition_id, event_id, kind, coalesce(staff_id, 0))
where kind in ('initiator', 'clerk');
create unique index outbox_news_key on outbox (petition_id, event_id, token_id) where kind = 'news';

create table heartbeat (
    name text not null,
    beat_at timestamptz not null,
    constraint heartbeat_pkey primary key (name)
);
comment on table heartbeat is 'When a process was last alive, for the readiness page and operators.';
