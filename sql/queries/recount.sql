-- Recount: counters that do not agree with the rows, and thresholds that were missed.

-- name: counts_check
-- Recount everything from the rows: petitions whose counter, tally and rows differ. Empty when there are none.
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
),
paper_of as (
    select b.petition_id, sum(b.accepted) as accepted
    from paper_batch as b
    where b.state = 'confirmed'
    group by b.petition_id
)
select
    c.petition_id,
    c.confirmed as counter,
    coalesce(r.confirmed, 0) as rows_confirmed,
    coalesce(t.confirmed, 0) as tally,
    c.sponsors as counter_sponsors,
    coalesce(r.sponsors, 0) as rows_sponsors,
    c.paper as counter_paper,
    coalesce(b.accepted, 0) as batches_paper
from
    signature_count as c
left join rows_of as r on c.petition_id = r.petition_id
left join tally_of as t on c.petition_id = t.petition_id
left join paper_of as b on c.petition_id = b.petition_id
where
    c.confirmed <> coalesce(r.confirmed, 0)
    or c.paper <> coalesce(b.accepted, 0)
    or c.confirmed <> coalesce(t.confirmed, 0)
    or c.sponsors <> coalesce(r.sponsors, 0);

-- name: crossings_check
-- Thresholds whose number was reached but not recorded, or that were reached without the referral that must follow.
select
    t.petition_id,
    t.code
from
    threshold as t
inner join signature_count as c on t.petition_id = c.petition_id
left join referral as r on t.petition_id = r.petition_id and t.code = r.threshold_code
where
    threshold_is_crossed_v1(t.reached_at, t.moment, t.required, c.confirmed + c.paper_added, 'count')
    or (t.reached_at is not null and t.effect <> 'publish' and r.id is null);
