-- Motions that came from petitions and the votes on them: written by the desk and the import, read by everybody.

-- name: motion_place^
-- The referral that a motion belongs to, with the procedure version of its petition. Index: referral_pkey.
select
    r.petition_id, r.id, r.threshold_code, r.committee_slug, p.procedure_code, p.procedure_version
from
    referral as r
inner join petition as p on r.petition_id = p.id
where
    r.petition_id = :petition_id::bigint
    and r.id = :referral_id::bigint;

-- name: motion_locked^
-- A motion for a change, with its row locked so that two changes cannot interfere. Index: motion_pkey.
-- one of few words: outcome, vote_kind, source
select
    m.id, m.referral_id, m.source, m.case_number, m.title, m.summary, m.submitters, m.document, m.advice, m.link,
    m.submitted_on, m.outcome, m.vote_kind, m.voted_on, m.difference, m.removed_at, m.external_ids, m.version
from
    motion as m
where
    m.petition_id = :petition_id::bigint
    and m.id = :motion_id::bigint
for update;

-- name: motion_known$
-- The motion of a petition with this id in the open data, else with this case number. Index: motion_case_key.
-- may be null: external_id, case_number
select m.id
from
    motion as m
where
    m.petition_id = :petition_id::bigint
    and (:external_id::text = any(m.external_ids) or m.case_number = :case_number::text)
order by
    (m.case_number = :case_number::text) desc nulls last, m.id
limit 1;

-- name: motion_add$
-- Add a motion; no row where its case number exists already. Index: motion_case_key.
insert into motion (
    petition_id, referral_id, source, case_number, title, summary, submitters, document, advice, link, submitted_on,
    external_ids, created_at
)
values (
    :petition_id::bigint, :referral_id::bigint, :source::text, :case_number::text, :title::text, :summary::text,
    :submitters::text, :document::text, :advice::text, :link::text, :submitted_on::date, :external_ids::text[],
    :now::timestamptz
)
on conflict (petition_id, case_number) where case_number is not null do nothing
returning id;

-- name: motion_change$
-- Update the text and the result of a motion. Its row is locked. Index: motion_pkey.
update motion
set
    case_number = :case_number::text,
    title = :title::text,
    summary = :summary::text,
    submitters = :submitters::text,
    document = :document::text,
    advice = :advice::text,
    link = :link::text,
    submitted_on = :submitted_on::date,
    outcome = :outcome::text,
    vote_kind = :vote_kind::text,
    voted_on = :voted_on::date,
    difference = :difference::text,
    removed_at = :removed_at::timestamptz,
    source = :source::text,
    version = version + 1
where
    petition_id = :petition_id::bigint
    and id = :motion_id::bigint
    and version = :version::integer
returning version;

-- name: motion_id_note!
-- Store one more id of a motion in the open data. Index: motion_pkey.
update motion
set external_ids = external_ids || :external_id::text
where
    petition_id = :petition_id::bigint
    and id = :motion_id::bigint
    and not :external_id::text = any(external_ids);

-- name: motion_votes
-- The votes on a motion, in order. Index: motion_vote_pkey.
-- one of few words: choice
select
    v.party_id, v.member_id, v.choice, v.seats, v.mistaken
from
    motion_vote as v
where
    v.petition_id = :petition_id::bigint
    and v.motion_id = :motion_id::bigint
order by
    v.number;

-- name: motion_votes_clear!
-- Delete the votes on a motion, to write them again in the same transaction. Index: motion_vote_pkey.
delete from motion_vote as v
where
    v.petition_id = :petition_id::bigint
    and v.motion_id = :motion_id::bigint;

-- name: motion_votes_store!
-- Write the votes on a motion, in order; its row is locked. Index: motion_vote_pkey.
insert into motion_vote (petition_id, motion_id, number, party_id, member_id, choice, seats, mistaken)
select
    :petition_id::bigint, :motion_id::bigint, v.number, v.party_id, v.member_id, v.choice, v.seats, v.mistaken
from
    unnest(
        :parties::bigint[], :members::bigint[], :choices::text[], :seats::integer[], :mistaken::boolean[]
    ) with ordinality as v (party_id, member_id, choice, seats, mistaken, number);

-- name: motion_change_record!
-- Record a correction, by whom and why. Index: motion_change_pkey.
insert into motion_change (petition_id, motion_id, version, occurred_at, staff_id, reason, data)
values (
    :petition_id::bigint, :motion_id::bigint, :version::integer, :now::timestamptz, :staff_id::bigint, :reason::text,
    :data::jsonb
);

-- name: motions_of_petition
-- The motions of a petition with their votes and corrections, in the order of their submission. No locks.
-- Indexes: motion_pkey, motion_vote_pkey, motion_change_pkey, party_pkey, member_pkey.
-- one of few words: outcome, vote_kind
select
    m.petition_id, m.id, m.referral_id, m.source, m.case_number, m.title, m.summary, m.submitters, m.document, m.advice,
    m.link, m.submitted_on, m.outcome, m.vote_kind, m.voted_on, m.difference, m.removed_at, m.version, m.external_ids,
    coalesce(v.votes, '[]'::jsonb) as votes,
    coalesce(c.changes, '[]'::jsonb) as changes
from
    motion as m
left join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'choice', x.choice, 'seats', x.seats, 'mistaken', x.mistaken, 'party_id', x.party_id,
                'party', p.short_name, 'party_name', p.name, 'party_slug', p.slug, 'member_id', x.member_id,
                'member', w.name, 'member_sort', w.sort_name, 'member_slug', w.slug
            )
            order by x.number
        ) as votes
    from motion_vote as x
    left join party as p on x.party_id = p.id
    left join member as w on x.member_id = w.id
    where x.petition_id = m.petition_id and x.motion_id = m.id
) as v on true
left join lateral (
    select
        jsonb_agg(
            jsonb_build_object('occurred_at', x.occurred_at, 'reason', x.reason, 'data', x.data, 'by_desk', x.staff_id is not null)
            order by x.version
        ) as changes
    from motion_change as x
    where x.petition_id = m.petition_id and x.motion_id = m.id
) as c on true
where
    m.petition_id = :petition_id::bigint
order by
    m.submitted_on asc nulls last, m.id asc;

-- name: motions_adopted
-- The titles of the motions of a petition that were adopted, the newest first. No locks. Index: motion_pkey.
-- not null: voted_on
select
    m.id, m.title, m.voted_on
from
    motion as m
where
    m.petition_id = :petition_id::bigint
    and m.outcome = 'adopted'
    and m.removed_at is null
order by
    m.voted_on desc, m.id desc;

-- name: votes_of_voter
-- The votes of a party, or of a member (by name, else with the party of that day), on motions that came from public
-- petitions; the newest first. A divided party votes as most of its seats did; the vote of a member of such a party who
-- is not named is unknown. No locks. Indexes: motion_vote_party_idx, motion_vote_member_idx, motion_pkey.
-- not null: outcome, vote_kind, voted_on
-- may be null: party_id
-- one of few words: outcome, vote_kind
with voted as (
    select
        x.petition_id, x.motion_id,
        coalesce(sum(x.seats) filter (where x.choice = 'for'), 0) as for_seats,
        coalesce(sum(x.seats) filter (where x.choice = 'against'), 0) as against_seats,
        coalesce(sum(x.seats) filter (where x.choice = 'abstained'), 0) as abstained_seats,
        coalesce(sum(x.seats) filter (where x.choice = 'absent'), 0) as absent_seats,
        count(distinct x.choice) > 1 as divided,
        bool_or(x.mistaken) as mistaken,
        bool_or(x.member_id is not null) as own
    from motion_vote as x
    inner join motion as y on x.petition_id = y.petition_id and x.motion_id = y.id
    where
        x.party_id = :party_id::bigint
        or x.member_id = :member_id::bigint
        or (
            :member_id::bigint is not null
            and y.vote_kind = 'parties'
            and x.member_id is null
            and not exists (
                select 1
                from motion_vote as o
                where o.petition_id = x.petition_id and o.motion_id = x.motion_id and o.member_id = :member_id::bigint
            )
            and x.party_id in (
                select s.party_id
                from party_membership as s
                where
                    s.member_id = :member_id::bigint
                    and s.from_on <= y.voted_on
                    and (s.until_on is null or s.until_on >= y.voted_on)
            )
        )
    group by
        x.petition_id, x.motion_id
)

select
    m.petition_id, m.id, m.title as motion, m.outcome, m.vote_kind, m.voted_on, m.link,
    p.title, p.language, v.for_seats, v.against_seats, v.abstained_seats, v.absent_seats, v.divided, v.mistaken, v.own
from
    voted as v
inner join motion as m on v.petition_id = m.petition_id and v.motion_id = m.id
inner join petition as p on m.petition_id = p.id
where
    m.removed_at is null
    and not p.text_hidden
    and (p.stage in ('open', 'closed') or (p.stage = 'withdrawn' and p.opened_at is not null))
order by
    m.voted_on desc, m.petition_id desc, m.id desc
limit :most::integer;

-- name: party_shown^
-- A party by its slug. Index: party_slug_key.
select
    p.id, p.body, p.slug, p.short_name, p.name, p.seats, p.active, p.source_link
from
    party as p
where
    p.slug = :slug::text;

-- name: member_shown^
-- A member by its slug, with the periods in parties, the latest first. Indexes: member_slug_key, party_membership_pkey.
select
    m.id, m.body, m.slug, m.name, m.source_link,
    coalesce(s.periods, '[]'::jsonb) as periods
from
    member as m
left join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'party', p.name, 'short_name', p.short_name, 'slug', p.slug, 'from_on', x.from_on, 'until_on', x.until_on
            )
            order by x.from_on desc
        ) as periods
    from party_membership as x
    inner join party as p on x.party_id = p.id
    where x.member_id = m.id
) as s on true
where
    m.slug = :slug::text;

-- name: voters_shown
-- The pages of parties and members, for the site map. No locks. Index: none needed, all of both are read.
select
    'parties' as kind, p.slug
from
    party as p
union all
select
    'members' as kind, m.slug
from
    member as m
order by
    kind desc, slug asc;
