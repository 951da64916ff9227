#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/hash.h"
#include "logdetect/bundle/bundle.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/models/ensemble.h"

// Model files nobody vouches for. The first byte of the input says how the rest is meant:
//   0  a model file as it stands
//   1  a model file whose checksums are put right first, as an attacker would, so that mutations reach the loaders
//   2  u32 n, then n bytes of section 'ensemble', then section 'detector.forest'
//   3  the same with section 'detector.next_event', 4 with section 'detector.autoencoder'
// The schema hash of the ensemble section is put right in 1 to 4 for the same reason. What loads must score.

namespace {

using namespace logdetect;  // NOLINT(google-build-using-namespace)

// The layout, from docs/model-format.md.
constexpr std::size_t kHeaderBytes = 44;
constexpr std::size_t kEntryBytes = 68;
constexpr std::size_t kFooterBytes = 28;

FeatureSchema schema() {
  FeatureSchema result;
  for (const char* name : {"template_rarity", "error_prior", "sequence_surprise"}) {
    result.columns.push_back({name, "nats", ""});
  }
  return result;
}

void put_hash(std::string& bytes, std::size_t offset, const Hash128& hash) {
  ByteWriter out;
  out.u64(hash.low);
  out.u64(hash.high);
  bytes.replace(offset, 16, out.take());
}

void put_schema_hash(std::string& bytes, std::size_t offset) {
  ByteWriter out;
  out.u64(schema().hash());
  bytes.replace(offset, 8, out.take());
}

std::string repaired(std::string bytes) {
  if (bytes.size() < kHeaderBytes + kFooterBytes) {
    return bytes;
  }
  ByteReader lengths(std::string_view(bytes).substr(kHeaderBytes - 12, 12), "header");
  const std::uint64_t manifest = lengths.u64();
  const std::uint64_t sections = lengths.u32();
  const std::size_t room = bytes.size() - kHeaderBytes - kFooterBytes;
  if (manifest > room || sections > (room - manifest) / kEntryBytes) {
    return bytes;
  }
  for (std::uint64_t i = 0; i < sections; ++i) {
    const std::size_t entry = kHeaderBytes + manifest + i * kEntryBytes;
    ByteReader numbers(std::string_view(bytes).substr(entry + 36, 16), "entry");
    const std::uint64_t offset = numbers.u64();
    const std::uint64_t length = numbers.u64();
    if (offset > bytes.size() || length > bytes.size() - offset) {
      continue;
    }
    if (std::string_view(bytes).substr(entry).starts_with(std::string_view("ensemble\0", 9)) && length >= 8 &&
        offset >= kHeaderBytes + manifest + sections * kEntryBytes) {
      put_schema_hash(bytes, offset);
    }
    put_hash(bytes, entry + 52, hash128(std::string_view(bytes).substr(offset, length)));
  }
  const std::size_t framed = kHeaderBytes + manifest + sections * kEntryBytes;
  put_hash(bytes, bytes.size() - kFooterBytes, hash128(std::string_view(bytes).substr(0, framed)));
  return bytes;
}

// One window for each event, of known and unknown templates and padding.
WindowBatch windows_for(std::size_t length, std::size_t events) {
  WindowBatch windows;
  windows.length = length;
  for (std::uint32_t w = 0; w < events && length > 0; ++w) {
    for (std::size_t t = 0; t < length; ++t) {
      windows.templates.push_back(t % 5 == 4 ? WindowBatch::kPadding : w + static_cast<std::uint32_t>(t % 3));
      windows.values.insert(windows.values.end(), WindowBatch::kNumbers, static_cast<float>(w) * 1e6F - 3.0F);
    }
    windows.first.push_back(w);
    windows.events.push_back(w);
  }
  return windows;
}

void use(const Bundle& bundle) {
  auto ensemble = Ensemble::load(bundle, schema());
  if (!ensemble.ok()) {
    return;
  }
  FeatureMatrix rows(9, 3);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (float& value : rows.row(i)) {
      value = static_cast<float>(i) - 2;
    }
  }
  const std::vector<Event> events(rows.rows());
  const WindowBatch windows = windows_for(ensemble->window_length(), rows.rows());
  BatchScores scores;
  ensemble->score({{.events = events, .rows = rows, .windows = windows}}, scores);
  const std::vector<TemplateId> previous = {TemplateId(0), TemplateId(), TemplateId(1'000'000)};
  if (ensemble->expected_after(previous, 3).size() > 3) {
    std::abort();
  }
  for (const float total : scores.total) {
    const Verdict verdict = ensemble->judge(static_cast<double>(total), 12, {});
    if (!std::isfinite(total) || !(verdict.score >= 0 && verdict.score < 1) || !(verdict.threshold > 0)) {
      std::abort();
    }
  }
  for (std::size_t d = 0; d < ensemble->size(); ++d) {
    for (const Contribution& part : ensemble->detector(d).contributions(rows.row(8))) {
      if (part.column >= 3 || !(part.share >= 0 && part.share <= 1)) {
        std::abort();
      }
    }
  }
  Bundle again;
  ensemble->save(again);
  if (!Ensemble::load(again, schema()).ok()) {
    std::abort();
  }
}

Bundle from_sections(std::string_view input, const char* detector) {
  ByteReader in(input, "input");
  const std::string_view ensemble = in.str();
  Bundle bundle;
  std::string body(ensemble);
  if (body.size() >= 8) {
    put_schema_hash(body, 0);
  }
  bundle.add({"ensemble", 1, body});
  bundle.add({detector, 1, std::string(input.substr(input.size() - in.remaining()))});
  return bundle;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] >= 2 && data[0] <= 4) {
    constexpr std::array<const char*, 3> kDetectors = {"detector.forest", "detector.next_event",
                                                       "detector.autoencoder"};
    use(from_sections(rest, kDetectors.at(data[0] - 2U)));
    return 0;
  }
  const std::string bytes = data[0] == 1 ? repaired(std::string(rest)) : std::string(rest);
  const auto bundle = Bundle::decode(bytes, "input");
  if (bundle.ok()) {
    if (bundle->encode().size() != bytes.size()) {
      std::abort();
    }
    use(*bundle);
  }
  return 0;
}
