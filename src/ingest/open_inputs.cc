#include <algorithm>
#include <utility>

#include "ingest/joined_source.h"
#include "ingest/source_cursor.h"
#include "logdetect/ingest/inputs.h"

namespace logdetect {
namespace {

struct SchemeInputs {
  const SourceEntry* entry = nullptr;
  std::vector<Input> inputs;
};

// Live inputs of a scheme are one source, so that its cursor is one; inputs that end keep the order in which they were
// given.
std::vector<SchemeInputs> by_scheme(std::vector<Input> inputs) {
  std::vector<SchemeInputs> parts;
  for (Input& input : inputs) {
    const SourceEntry* const entry = find_source(input.scheme);
    LD_CHECK(entry != nullptr, "an input without a source");
    const auto same = [entry](const SchemeInputs& part) { return part.entry == entry; };
    auto part = entry->live                            ? std::find_if(parts.begin(), parts.end(), same)
                : parts.empty() || !same(parts.back()) ? parts.end()
                                                       : std::prev(parts.end());
    if (part == parts.end()) {
      part = parts.insert(parts.end(), SchemeInputs{entry, {}});
    }
    part->inputs.push_back(std::move(input));
  }
  return parts;
}

Result<SourceOptions> shared_options(const SchemeInputs& part) {
  SourceOptions options(part.entry->options);
  for (const Input& input : part.inputs) {
    if (auto merged = options.merge(input.options); !merged) {
      Error error = merged.error();
      error.where = input.name;
      return error;
    }
  }
  return options;
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_inputs(std::vector<Input> inputs, const OpenOptions& options) {
  LD_ASSIGN(const std::vector<SourceCursor> cursors, decode_cursor(options.cursor));
  std::vector<SchemeInputs> parts = by_scheme(std::move(inputs));
  const bool live = !parts.empty() && parts.front().entry->live;
  auto joined =
      std::make_unique<JoinedSource>(live ? JoinedSource::Order::kInTurns : JoinedSource::Order::kOneAfterTheOther);
  for (SchemeInputs& part : parts) {
    LD_CHECK(part.entry->live == live, "inputs that end and live ones in one run");
    LD_ASSIGN(const SourceOptions shared, shared_options(part));
    OpenOptions own = options;
    const auto cursor = std::find_if(cursors.begin(), cursors.end(),
                                     [&part](const SourceCursor& one) { return one.scheme == part.entry->scheme; });
    own.cursor = cursor == cursors.end() ? std::string() : cursor->bytes;
    const std::size_t count = part.inputs.size();
    LD_ASSIGN(std::unique_ptr<RecordSource> source, part.entry->open(std::move(part.inputs), shared, own));
    joined->add(std::move(source), std::string(part.entry->scheme), count);
  }
  return std::unique_ptr<RecordSource>(std::move(joined));
}

}  // namespace logdetect
