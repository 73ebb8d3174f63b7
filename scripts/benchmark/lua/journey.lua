-- The whole journey of a signatory: page, sign, (the mail comes to the sink, which writes its link down), the page
-- behind the link, the button. What is nearest to its end goes first; so many journeys are under way at once at most.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local most = tonumber(os.getenv("BENCH_UNDERWAY"))
local pause = 32 -- links whose page was asked for and whose button is pressed later, after the page has come
local links, part, page, next_signature
local opened, first, last = {}, 1, 0
local page_is_next = true
signed, confirmed, pages = 0, 0, 0

function init(_)
   links = io.open(os.getenv("BENCH_LINKS"), "r")
   links:seek("end") -- what lies there is of an earlier journey
   part = ""
   page = common.get(os.getenv("BENCH_PATH"))
   next_signature = common.signatures()
end

-- The next whole line that the sink has written; nil when there is none yet.
local function next_link()
   local text = links:read("*L")
   if not text then
      return nil
   end
   text = part .. text
   if string.sub(text, -1) ~= "\n" then
      part = text
      return nil
   end
   part = ""
   return string.sub(text, 1, -2)
end

local waiting_link -- read in delay(), used in request()

local function room()
   return signed - confirmed < most
end

-- Nothing to do: every journey that may be under way waits for its mail.
function delay()
   waiting_link = waiting_link or next_link()
   if waiting_link or last - first >= pause or room() then
      return 0
   end
   return 10
end

function request()
   if last - first >= pause then
      local link = opened[first]
      opened[first] = nil
      first = first + 1
      confirmed = confirmed + 1
      return common.post(link, "")
   end
   local link = waiting_link or next_link()
   waiting_link = nil
   if link then
      last = last + 1
      opened[last] = link
      return common.get(link)
   end
   if page_is_next or not room() then
      page_is_next = false
      pages = pages + 1
      return page
   end
   page_is_next = true
   signed = signed + 1
   return next_signature()
end
