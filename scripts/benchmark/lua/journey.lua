-- The whole journey of a signatory: page, sign, (the sink receives the mail and writes its link to a file), the page
-- behind the link, the button. Journeys that are nearest to their end go first; their number at once is limited.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local most = tonumber(os.getenv("BENCH_UNDERWAY"))
local pause = 32 -- links whose page was requested and whose button is pressed later, after the page was received
local links, part, page, next_signature
local opened, first, last = {}, 1, 0
local page_is_next = true
signed, confirmed, pages = 0, 0, 0

function init(_)
   links = io.open(os.getenv("BENCH_LINKS"), "r")
   links:seek("end") -- earlier links are of an earlier run
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

-- Nothing to do: all journeys wait for their mail.
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
