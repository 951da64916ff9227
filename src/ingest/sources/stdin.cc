// Standard input, which is read once.
#include "ingest/byte_inputs.h"

namespace logdetect {
namespace {

Result<void> resolve_stdin(const SourceName& name, const IngestOptions& /*options*/, std::vector<Input>& out) {
  if (!name.target.empty() && name.target != "-") {
    return make_error(ErrorCode::kUsage, "standard input has no name", name.typed, "type '-'");
  }
  out.push_back({.path = "-", .name = "<stdin>", .scheme = "stdin", .once = true, .identity = "-"});
  return {};
}

}  // namespace

const SourceEntry& stdin_source_entry() {
  static const SourceEntry entry = {.scheme = "stdin",
                                    .summary = "standard input, also written '-'",
                                    .resolve = resolve_stdin,
                                    .open = open_byte_inputs};
  return entry;
}

}  // namespace logdetect
