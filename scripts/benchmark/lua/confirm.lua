-- Press the button of the next link. Each thread has every n-th line of the file; when all are used the requests fail,
-- so that the rate is not mistaken for a rate of confirmations.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local links

function init(_)
   links = io.open(os.getenv("BENCH_LINKS"), "r")
   for _ = 1, slot do
      links:read("*l")
   end
end

function request()
   local link = links:read("*l")
   for _ = 1, slots - 1 do
      links:read("*l")
   end
   return common.post(link or "/nl/confirm/no-more-links", "")
end
