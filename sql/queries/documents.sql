-- Documents of a petition's dossier: added by a committee's clerk, inspected, published, withdrawn.

-- name: document_add$
-- Store a document of a referral, visible only to its committee; returns its number. Index: referral_pkey.
insert into document (
    petition_id, referral_id, title, kind, dated_on, language, summary, public, url, sha256, size, findings, added_at,
    added_by
)
select
    r.petition_id, r.id, :title::text, :kind::text, :dated_on::date, :language::text, :summary::text,
    :public::boolean, :url::text, :sha256::text, :size::integer, :findings::jsonb, :now::timestamptz, :staff_id::bigint
from
    referral as r
where
    r.petition_id = :petition_id::bigint
    and r.id = :referral_id::bigint
    and r.committee_slug = any(:committees::text[])
returning id;

-- name: document_locked^
-- A document for an act of a clerk, with its row locked so that two clerks cannot interfere. Index: document_pkey.
select
    d.title, d.kind, d.public, d.url, d.sha256, d.size, d.findings, d.version, d.published_at, d.withdrawn_at,
    r.committee_slug, r.threshold_code
from
    document as d
inner join referral as r on d.petition_id = r.petition_id and d.referral_id = r.id
where
    d.petition_id = :petition_id::bigint
    and d.id = :document_id::bigint
    and d.referral_id = :referral_id::bigint
for update of d;

-- name: document_publish!
-- Publish a document; the row is locked. Index: document_pkey.
update document
set
    published_at = :now::timestamptz,
    sha256 = :sha256::text,
    size = :size::integer,
    findings = :findings::jsonb,
    version = version + 1
where
    petition_id = :petition_id::bigint
    and id = :document_id::bigint;

-- name: document_discard!
-- Discard a document that was never published; the row is locked. Index: document_pkey.
delete from document
where
    petition_id = :petition_id::bigint
    and id = :document_id::bigint
    and published_at is null;

-- name: document_withdraw!
-- Withdraw a published document, with a public reason; the row is locked. Index: document_pkey.
update document
set
    withdrawn_at = :now::timestamptz,
    withdrawn_reason = :reason::text,
    withdrawn_by = :staff_id::bigint,
    version = version + 1
where
    petition_id = :petition_id::bigint
    and id = :document_id::bigint;

-- name: documents_of_petition
-- The documents of a petition, the newest first: public ones, and those of these committees. Index: document_pkey.
-- one of few words: kind
select
    d.id, d.referral_id, d.title, d.kind, d.dated_on, d.language, d.summary, d.public, d.url, d.sha256, d.size,
    d.findings, d.version, d.added_at, d.published_at, d.withdrawn_at, d.withdrawn_reason, r.committee_slug
from
    document as d
inner join referral as r on d.petition_id = r.petition_id and d.referral_id = r.id
where
    d.petition_id = :petition_id::bigint
    and ((d.public and d.published_at is not null) or r.committee_slug = any(:committees::text[]))
order by
    d.dated_on desc, d.id desc
limit 500;

-- name: document_find^
-- One document, if it is public or belongs to one of these committees. Index: document_pkey.
-- one of few words: kind
select
    d.id, d.referral_id, d.title, d.kind, d.dated_on, d.language, d.summary, d.public, d.url, d.sha256, d.size,
    d.findings, d.version, d.added_at, d.published_at, d.withdrawn_at, d.withdrawn_reason, r.committee_slug
from
    document as d
inner join referral as r on d.petition_id = r.petition_id and d.referral_id = r.id
where
    d.petition_id = :petition_id::bigint
    and d.id = :document_id::bigint
    and ((d.public and d.published_at is not null) or r.committee_slug = any(:committees::text[]));

-- name: files_named
-- Which of these hashes a document or a print refers to. Indexes: document_sha256_idx, dossier_print_sha256_idx.
-- not null: sha256
select d.sha256
from document as d
where
    d.sha256 = any(:looked_for::text[])
union
select p.sha256
from dossier_print as p
where
    p.sha256 = any(:looked_for::text[]);

-- name: files_all
-- Every file that a document or a print refers to, for the operator's check. Reads both tables.
select d.sha256
from document as d
where
    d.sha256 is not null
union
select p.sha256
from dossier_print as p
where
    p.sha256 is not null;
