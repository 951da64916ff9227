// Header detection and cutting on arbitrary lines, and header plans loaded from arbitrary bytes: pieces stay inside
// their line, and cutting the message's line again by the same plan gives the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "logdetect/parsing/header.h"

namespace {

using namespace logdetect;  // NOLINT(google-build-using-namespace)

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void require_inside(std::string_view part, std::string_view line, const Arena& arena) {
  const std::less_equal<const char*> not_after;
  require(part.empty() || arena.bytes() > 0 ||
          (not_after(line.data(), part.data()) && not_after(part.data() + part.size(), line.data() + line.size())));
}

void parse_all(const HeaderPlan& plan, const std::vector<std::string_view>& lines) {
  HeaderParser parser(plan);
  for (const std::string_view line : lines) {
    Arena arena;
    Header header;
    ParsedTime parsed;
    parser.parse(line, arena, header, parsed);
    for (const std::string_view part : {header.host, header.component, header.pid, header.message}) {
      require_inside(part, line, arena);
    }
    Header again;
    parser.parse(line, arena, again, parsed);
    require(again.message == header.message && again.time == header.time && again.level == header.level);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT: libFuzzer's name
  const std::string_view text(reinterpret_cast<const char*>(data), size);            // NOLINT: bytes are bytes
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= text.size() && lines.size() < 200;) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  lines.push_back(text);  // a stitched record
  const HeaderPlan plan = detect_header(lines);
  parse_all(plan, lines);
  (void)plan.describe();
  ByteReader reader(text, "fuzz");
  if (const auto loaded = HeaderPlan::load(reader); loaded.ok()) {
    (void)loaded->describe();
    parse_all(*loaded, lines);
  }
  // The first line as a pattern for --log-format, the others as its log.
  if (const auto written = compile_pattern(lines.front(), "fuzz"); written.ok()) {
    (void)written->describe();
    parse_all(*written, lines);
    parse_all(mix_plans(plan, *written), lines);
  }
  return 0;
}
