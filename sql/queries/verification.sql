-- Checking support by a sample: the closed list, the draw, the answers, the result.

-- name: verification_list_close^
-- Put every signature that counts now on the list of a referral, in the order of their numbers; returns how many are
-- listed and how many are left out, all from one snapshot. Locks no other rows. Index: signature_pkey.
-- may be null: valid_since
with support as (
    select
        s.token_id, s.number, s.contact is null as is_erased, s.signed_at < :valid_since::timestamptz as is_too_old
    from
        signature as s
    where
        s.petition_id = :petition_id::bigint
),
listed as (
    insert into verification_list (petition_id, referral_id, place, token_id)
    select
        :petition_id::bigint, :referral_id::bigint, row_number() over (order by s.number, sha256(s.token_id)), s.token_id
    from support as s
    where
        not s.is_erased
        and not coalesce(s.is_too_old, false)
    returning place
)
select
    (select count(*) from listed) as listed,
    count(*) as collected,
    count(*) filter (where s.is_erased) as erased,
    count(*) filter (where not s.is_erased and s.is_too_old) as too_old
from support as s;

-- name: verification_list_keys
-- The next keys of a list, in its order. Index: verification_list_pkey.
select
    l.place, l.token_id
from
    verification_list as l
where
    l.petition_id = :petition_id::bigint
    and l.referral_id = :referral_id::bigint
    and l.place > :after::integer
order by
    l.place
limit :most::integer;

-- name: verification_begin!
-- Record that the list was closed; the referral's row is locked. Index: verification_pkey.
insert into verification (
    petition_id, referral_id, state, listed_at, listed_by, collected, listed, too_old, erased, digest
)
values (
    :petition_id::bigint, :referral_id::bigint, 'listed', :now::timestamptz, :staff_id::bigint, :collected::bigint,
    :listed::bigint, :too_old::bigint, :erased::bigint, :digest::text
);

-- name: verification_locked^
-- The check of a referral, with its row locked until it is changed. Index: verification_pkey.
select
    v.petition_id, v.referral_id, v.state, v.listed_at, v.listed, v.digest, v.answer_by, v.size
from
    verification as v
where
    v.petition_id = :petition_id::bigint
    and v.referral_id = :referral_id::bigint
for update;

-- name: verification_draw!
-- Record the seed and the drawn places; the row is locked. Indexes: verification_pkey, verification_list_pkey.
with drawn as (
    update verification as v
    set
        state = 'drawn',
        seed = :seed::text,
        seed_source = :seed_source::text,
        seed_link = :seed_link::text,
        seed_at = :seed_at::timestamptz,
        drawn_at = :now::timestamptz,
        drawn_by = :staff_id::bigint,
        size = :size::integer,
        method = :method::text,
        answer_by = :answer_by::date,
        remind_at = :remind_at::timestamptz
    where
        v.petition_id = :petition_id::bigint
        and v.referral_id = :referral_id::bigint
        and v.state = 'listed'
    returning v.petition_id, v.referral_id
)
insert into verification_sample (petition_id, referral_id, place, token_id)
select
    l.petition_id, l.referral_id, l.place, l.token_id
from
    drawn as d
inner join verification_list as l on d.petition_id = l.petition_id and d.referral_id = l.referral_id
where
    l.petition_id = :petition_id::bigint
    and l.referral_id = :referral_id::bigint
    and l.place = any(:places::integer[]);

-- name: verification_mail!
-- Queue the question to everybody who was drawn and can still be asked. Once: called in the transaction of the draw.
-- Each signature is looked up separately: while the table statistics are older than the sample, a join may read all
-- signatures of the petition for each place. Indexes: verification_sample_pkey, signature_token_key.
insert into outbox (kind, priority, petition_id, event_id, token_id, created_at, next_at)
select
    'sample', 3, x.petition_id, :event_id::bigint, x.token_id, :now::timestamptz, :now::timestamptz
from
    verification_sample as x
where
    x.petition_id = :petition_id::bigint
    and x.referral_id = :referral_id::bigint
    and (
        select s.contact from signature as s where s.petition_id = x.petition_id and s.token_id = x.token_id
    ) is not null;

-- name: verification_remind!
-- Queue the one reminder for everybody who was asked by mail and has not answered, where it is due.
-- Locks the checks, skipping those of another worker. Index: verification_reminder_idx.
with due as (
    select
        v.petition_id, v.referral_id
    from
        verification as v
    where
        v.state = 'drawn'
        and v.reminded_at is null
        and v.remind_at <= :now::timestamptz
    for update skip locked
),
reminded as (
    update verification as v
    set
        reminded_at = :now::timestamptz
    from
        due as d
    where
        v.petition_id = d.petition_id
        and v.referral_id = d.referral_id
    returning v.petition_id, v.referral_id, v.method
)
insert into outbox (kind, priority, petition_id, event_id, token_id, created_at, next_at)
select
    'sample_reminder', 4, x.petition_id, e.id, x.token_id, :now::timestamptz, :now::timestamptz
from
    reminded as r
inner join verification_sample as x on r.petition_id = x.petition_id and r.referral_id = x.referral_id
inner join signature as s on x.petition_id = s.petition_id and x.token_id = s.token_id
inner join event as e on
    r.petition_id = e.petition_id
    and e.kind = 'sample_drawn'
    and (e.data ->> 'referral')::bigint = r.referral_id
where
    r.method = 'mail'
    and x.result is null
    and s.contact is not null;

-- name: verification_asked^
-- A signatory who was drawn, by the key in the link of the mail, with the check and the rest of the signature.
-- Locks the sample's row. Indexes: verification_sample_token_idx, verification_pkey, signature_token_key.
select
    x.petition_id, x.referral_id, x.place, x.result, v.state, v.answer_by, p.title, p.language, p.timezone,
    p.text_hidden or p.stage = 'removed' as hidden, s.contact is not null as is_there
from
    verification_sample as x
inner join verification as v on x.petition_id = v.petition_id and x.referral_id = v.referral_id
inner join petition as p on x.petition_id = p.id
left join signature as s on x.petition_id = s.petition_id and x.token_id = s.token_id
where
    x.petition_id = :petition_id::bigint
    and x.token_id = :token_id::bytea
order by
    v.drawn_at desc
limit 1
for update of x;

-- name: verification_answer!
-- Record the answer of a signatory who was drawn. Index: verification_sample_pkey.
update verification_sample
set
    result = :result::text,
    answered_at = :now::timestamptz,
    staff_id = null
where
    petition_id = :petition_id::bigint
    and referral_id = :referral_id::bigint
    and place = :place::integer;

-- name: verification_record
-- Record the results of some places for a clerk; returns those that were drawn. Index: verification_sample_pkey.
update verification_sample
set
    result = :result::text,
    answered_at = :now::timestamptz,
    staff_id = :staff_id::bigint
where
    petition_id = :petition_id::bigint
    and referral_id = :referral_id::bigint
    and place = any(:places::integer[])
returning place;

-- name: verification_settle^
-- Settle all places without an answer: "gone" where the signatory can no longer be asked, else "no answer". Then count.
-- The check's row is locked. Each signature is looked up separately, as in verification_mail.
-- Indexes: verification_sample_pkey, signature_token_key.
with settled as (
    select
        x.petition_id, x.referral_id, x.place, x.result as recorded,
        coalesce(x.result, case when (
            select s.contact from signature as s where s.petition_id = x.petition_id and s.token_id = x.token_id
        ) is null then 'gone' else 'no_answer' end) as result
    from
        verification_sample as x
    where
        x.petition_id = :petition_id::bigint
        and x.referral_id = :referral_id::bigint
),
written as (
    update verification_sample as x
    set
        result = d.result,
        answered_at = :now::timestamptz,
        staff_id = :staff_id::bigint
    from
        settled as d
    where
        x.petition_id = d.petition_id
        and x.referral_id = d.referral_id
        and x.place = d.place
        and d.recorded is null
    returning x.place
)
select
    count(*) filter (where d.result = 'verified') as verified,
    count(*) filter (where d.result = 'refused') as refused,
    count(*) filter (where d.result = 'no_answer') as no_answer,
    count(*) filter (where d.result = 'gone') as gone
from settled as d;

-- name: verification_finish!
-- Record the result; the row is locked. Index: verification_pkey.
update verification
set
    state = 'finished',
    finished_at = :now::timestamptz,
    finished_by = :staff_id::bigint,
    verified = :verified::integer,
    refused = :refused::integer,
    no_answer = :no_answer::integer,
    gone = :gone::integer
where
    petition_id = :petition_id::bigint
    and referral_id = :referral_id::bigint;

-- name: verification_waiting$
-- The number of drawn signatories who have not answered and can still be asked. Indexes: verification_sample_pkey,
-- signature_token_key.
select count(*)
from
    verification_sample as x
inner join signature as s on x.petition_id = s.petition_id and x.token_id = s.token_id
where
    x.petition_id = :petition_id::bigint
    and x.referral_id = :referral_id::bigint
    and x.result is null
    and s.contact is not null;

-- name: verifications_of_petition
-- The checks of a petition's support with the drawn places, for pages and the API. No locks.
-- Indexes: verification_pkey, verification_sample_pkey.
select
    v.petition_id, v.referral_id, v.state, v.listed_at, v.collected, v.listed, v.too_old, v.erased, v.digest, v.seed,
    v.seed_source, v.seed_link, v.seed_at, v.drawn_at, v.size, v.method, v.answer_by, v.finished_at, r.committee_slug,
    coalesce(x.places, '{}'::integer[]) as places,
    coalesce(x.verified, 0) as verified,
    coalesce(x.refused, 0) as refused,
    coalesce(x.no_answer, 0) as no_answer,
    coalesce(x.gone, 0) as gone
from
    verification as v
inner join referral as r on v.petition_id = r.petition_id and v.referral_id = r.id
left join lateral (
    select
        array_agg(y.place order by y.place) as places,
        count(*) filter (where y.result = 'verified') as verified,
        count(*) filter (where y.result = 'refused') as refused,
        count(*) filter (where y.result = 'no_answer') as no_answer,
        count(*) filter (where y.result = 'gone') as gone
    from verification_sample as y
    where y.petition_id = v.petition_id and y.referral_id = v.referral_id
) as x on true
where
    v.petition_id = :petition_id::bigint
order by
    v.referral_id;

-- name: verification_places
-- The drawn places with the recorded result of each, for the desk. Index: verification_sample_pkey.
select
    x.place, x.result, x.staff_id is not null as by_clerk
from
    verification_sample as x
where
    x.petition_id = :petition_id::bigint
    and x.referral_id = :referral_id::bigint
order by
    x.place;
