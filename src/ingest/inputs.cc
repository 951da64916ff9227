#include "logdetect/ingest/inputs.h"

#include <set>
#include <utility>

#include "ingest/source_name.h"
#include "logdetect/core/ids.h"

namespace logdetect {
namespace {

constexpr std::size_t kMostInputs = SourceId::kNone;  // ids below "none"

Result<void> check_use(const SourceName& name, const SourceEntry& entry, InputUse use) {
  const bool live = use == InputUse::kLive;
  if (entry.live == live) {
    return {};
  }
  if (live) {
    return make_error(ErrorCode::kUsage, "watch reads live sources, and '" + name.scheme + "' ends", name.typed,
                      "sources for watch: " + scheme_list(true) + "; for " + name.scheme + " use logdetect scan");
  }
  return make_error(ErrorCode::kUsage, "'" + name.scheme + "' never ends, so only watch reads it", name.typed,
                    "sources that end: " + scheme_list(false));
}

Result<void> append_resolved(const std::string& word, const IngestOptions& options, InputUse use,
                             std::vector<Input>& out) {
  LD_ASSIGN(const SourceName name, parse_source_name(word, use == InputUse::kLive ? "follow" : "file"));
  const SourceEntry* const entry = find_source(name.scheme);
  LD_CHECK(entry != nullptr, "a name without a source");
  LD_TRY(check_use(name, *entry, use));
  if (name.target.empty() && name.scheme != "stdin") {
    return make_error(ErrorCode::kUsage, "nothing is named behind the scheme", name.typed,
                      "write the target behind the colon, as in " + name.scheme + ":TARGET");
  }
  const std::size_t before = out.size();
  if (entry->resolve != nullptr) {
    LD_TRY(entry->resolve(name, options, out));
  } else {
    out.push_back({.path = name.target, .name = word, .scheme = name.scheme, .identity = word});
  }
  for (std::size_t i = before; i < out.size(); ++i) {
    out[i].options = name.options;
  }
  return {};
}

}  // namespace

Result<std::vector<Input>> resolve_inputs(const std::vector<std::string>& words, const IngestOptions& options,
                                          InputUse use) {
  if (words.empty()) {
    return make_error(ErrorCode::kUsage, "no input was given", {}, "name a file, a directory with -r, or '-'");
  }
  std::vector<Input> all;
  for (const std::string& word : words) {
    LD_TRY(append_resolved(word, options, use, all));
  }
  std::vector<Input> inputs;
  std::set<std::string> seen;
  for (Input& input : all) {
    // By what it is, not by its name: "app.log" and "./app.log" are one file.
    if (input.identity.empty() || seen.insert(input.identity).second) {
      inputs.push_back(std::move(input));
    }
  }
  if (inputs.size() > kMostInputs) {
    return make_error(ErrorCode::kUsage, std::to_string(inputs.size()) + " inputs are too many", {},
                      "at most " + std::to_string(kMostInputs) + " in one run; put them together with cat");
  }
  return inputs;
}

}  // namespace logdetect
