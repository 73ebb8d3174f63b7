-- Mail: the outbox is leased, sent and settled; events become mails; what waits too long is reminded or forgotten.

-- name: outbox_lease
-- Lease the next mails: nobody else gets them for two minutes; who dies in between leaves them to be sent again with
-- the same Message-ID. Locks the rows, skipping those of another worker. Index: outbox_waiting_idx.
with next_rows as (
    select o.id
    from outbox as o
    where
        o.state = 'waiting'
        and o.next_at <= :now::timestamptz
    order by
        o.priority, o.next_at, o.id
    limit :most::integer
    for update skip locked
)
update outbox as o
set
    next_at = :now::timestamptz + interval '2 minutes',
    attempts = o.attempts + 1
from
    next_rows as n
where
    o.id = n.id
returning o.id, o.kind, o.attempts, o.priority;

-- name: outbox_facts
-- What is needed to write the leased mails: each row with its petition, recipient and event. Indexes: primary keys.
select
    o.id, o.kind, o.petition_id, o.token_id, o.event_id, o.secret, o.created_at,
    p.title, p.text_hidden or p.stage = 'removed' as hidden, p.language as petition_language, p.stage, p.procedure_code, p.procedure_version, p.timezone, p.data_key, p.salt,
    p.manage_key, p.initiator_contact, p.initiator_index, p.initiator_name, p.moderation_due_on, p.ground, p.reason,
    p.sponsors_required, p.closes_at, c.confirmed,
    coalesce(w.contact, s.contact) as contact,
    coalesce(w.email_index, s.email_index) as email_index,
    coalesce(w.language, s.language) as signatory_language,
    coalesce(w.kind, s.kind) as signatory_kind,
    w.signed_at as waiting_since, w.token_id is not null as is_waiting,
    coalesce(s.wants_news, false) as wants_news,
    t.email as staff_email, t.name as staff_name, t.language as staff_language,
    e.kind as event_kind, e.data as event_data, e.occurred_at
from
    outbox as o
left join petition as p on o.petition_id = p.id
left join signature_count as c on o.petition_id = c.petition_id
left join pending_signature as w on o.petition_id = w.petition_id and o.token_id = w.token_id
left join signature as s on o.petition_id = s.petition_id and o.token_id = s.token_id
left join staff as t on o.staff_id = t.id
left join event as e on o.petition_id = e.petition_id and o.event_id = e.id
where
    o.id = any(:ids::bigint[])
order by
    o.priority, o.id;

-- name: outbox_settle!
-- Settle mails: sent, dropped or failed for good. A sealed secret is emptied. Index: outbox_pkey.
update outbox
set
    state = :state::text,
    sent_at = :now::timestamptz,
    problem = :problem::text,
    secret = null
where
    id = any(:ids::bigint[]);

-- name: outbox_postpone!
-- Try again later; `counted` says whether it was the mail's own fault (an attempt) or the server was away.
update outbox
set
    next_at = :next_at::timestamptz,
    problem = :problem::text,
    attempts = attempts - (not :counted::boolean)::integer
where
    id = any(:ids::bigint[])
    and state = 'waiting';

-- name: event_tell!
-- From one event make the mails about it: to the initiator, to the clerks of the committee concerned, and to the
-- signatories who asked for news; the row of the event itself is done. Once per event and recipient by construction.
-- Indexes: signature_news_idx, outbox_news_key.
with to_initiator as (
    insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
    select 'initiator', 3, :petition_id::bigint, :event_id::bigint, :now::timestamptz, :now::timestamptz
    where :to_initiator::boolean
    on conflict do nothing
    returning id
),
to_clerks as (
    insert into outbox (kind, priority, petition_id, event_id, staff_id, created_at, next_at)
    select 'clerk', 2, :petition_id::bigint, :event_id::bigint, m.staff_id, :now::timestamptz, :now::timestamptz
    from staff_committee as m
    inner join staff as t on m.staff_id = t.id
    where
        m.committee_slug = :committee::text
        and t.active
    on conflict do nothing
    returning id
),
to_signatories as (
    insert into outbox (kind, priority, petition_id, event_id, token_id, created_at, next_at)
    select 'news', 6, s.petition_id, :event_id::bigint, s.token_id, :now::timestamptz, :now::timestamptz
    from signature as s
    where
        :to_signatories::boolean
        and s.petition_id = :petition_id::bigint
        and s.wants_news
    on conflict do nothing
    returning id
)
update outbox
set
    state = 'sent',
    sent_at = :now::timestamptz,
    problem = (
        select count(*) from (
            select id from to_initiator
            union all
            select id from to_clerks
            union all
            select id from to_signatories
        ) as made
    )::text || ' mails'
where
    id = :id::bigint
    and state = 'waiting';

-- name: reminders_queue!
-- Queue the one reminder for signatures that wait longer than the procedure says. Index: pending_signature_reminder_idx.
with due as (
    update pending_signature as w
    set
        reminded_at = :now::timestamptz
    from
        petition as p
    where
        w.petition_id = p.id
        and w.reminded_at is null
        and w.signed_at <= :now::timestamptz - p.remind_after
        and w.signed_at > :now::timestamptz - p.forget_after
        and p.stage in ('sponsoring', 'moderation', 'open')
    returning w.petition_id, w.token_id
)
insert into outbox (kind, priority, petition_id, token_id, created_at, next_at)
select 'reminder', 4, d.petition_id, d.token_id, :now::timestamptz, :now::timestamptz
from due as d;

-- name: pending_signatures_forget!
-- Forget the signatures that were not confirmed in the days that the procedure says. Index: none (a sweep).
delete from pending_signature as w
using petition as p
where
    w.petition_id = p.id
    and w.signed_at <= :now::timestamptz - p.forget_after;

-- name: outbox_forget!
-- Old rows of the outbox that are settled. Index: none (a sweep).
delete from outbox
where
    state <> 'waiting'
    and sent_at < :now::timestamptz - interval '30 days';

-- name: staff_traces_forget!
-- Sign-in links and sessions that are over.
with links as (
    delete from staff_login where expires_at < :now::timestamptz - interval '1 day'
)
delete from staff_session
where expires_at < :now::timestamptz;

-- name: petitions_ended
-- Petitions that ended and whose signatories' data is still there, with the day of their last decision, for retention.
select
    p.id, p.procedure_code, p.procedure_version, p.stage, p.timezone, p.closed_at, p.ended_at,
    greatest(
        (select max(r.decided_at) from referral as r where r.petition_id = p.id),
        (select max(o.decided_at) from objection as o where o.petition_id = p.id)
    ) as decided_at,
    exists (
        select 1 from referral as r
        where r.petition_id = p.id and r.state not in ('inadmissible', 'decided', 'concluded')
    )
    or exists (
        select 1 from objection as o
        where o.petition_id = p.id and o.outcome is null
    ) as handling
from
    petition as p
where
    p.stage in ('closed', 'rejected', 'withdrawn', 'removed')
    and p.forgotten_at is null
order by
    p.id;

-- name: petition_forget!
-- Forget all personal data of a petition's signatories and its initiator's contact, with the key that protects it.
with emptied as (
    update signature as s
    set
        contact = null,
        show_name = false,
        wants_news = false
    where
        s.petition_id = :petition_id::bigint
),
waiting as (
    delete from pending_signature as w where w.petition_id = :petition_id::bigint
),
silenced as (
    update objection as o
    set
        text = ''
    where
        o.petition_id = :petition_id::bigint
)
update petition
set
    data_key = null,
    initiator_contact = null,
    forgotten_at = :now::timestamptz
where
    id = :petition_id::bigint;

-- name: heartbeat_beat!
-- Say that a process is alive. Index: heartbeat_pkey.
insert into heartbeat (name, beat_at)
values (:name::text, :now::timestamptz)
on conflict (name) do update set beat_at = excluded.beat_at;

-- name: counts_check
-- Recount everything from the rows: petitions whose counter, tally and rows do not say the same. Empty when all is well.
with rows_of as (
    select
        s.petition_id,
        count(*) as confirmed,
        count(*) filter (where s.kind = 'sponsor') as sponsors
    from signature as s
    group by s.petition_id
),
tally_of as (
    select h.petition_id, sum(h.confirmed - h.withdrawn) as confirmed
    from signature_hour as h
    group by h.petition_id
)
select
    c.petition_id,
    c.confirmed as counter,
    coalesce(r.confirmed, 0) as rows_confirmed,
    coalesce(t.confirmed, 0) as tally,
    c.sponsors as counter_sponsors,
    coalesce(r.sponsors, 0) as rows_sponsors
from
    signature_count as c
left join rows_of as r on c.petition_id = r.petition_id
left join tally_of as t on c.petition_id = t.petition_id
where
    c.confirmed <> coalesce(r.confirmed, 0)
    or c.confirmed <> coalesce(t.confirmed, 0)
    or c.sponsors <> coalesce(r.sponsors, 0);

-- name: crossings_check
-- Thresholds whose number was reached but not recorded, or that were reached without the referral that follows.
select
    t.petition_id,
    t.code
from
    threshold as t
inner join signature_count as c on t.petition_id = c.petition_id
left join referral as r on t.petition_id = r.petition_id and t.code = r.threshold_code
where
    (t.moment = 'count' and t.reached_at is null and t.required <= c.confirmed)
    or (t.reached_at is not null and t.effect <> 'publish' and r.id is null);
