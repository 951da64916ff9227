#include "learned/manifest.h"

#include <string_view>

#include "logdetect/base/hash.h"
#include "logdetect/base/version.h"
#include "logdetect/learned/model.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

// Builds one flat JSON object, key by key.
class JsonObject {
 public:
  void add(std::string_view key, std::string_view text) {
    begin(key);
    append_json_string(out_, text);
  }
  void add(std::string_view key, std::uint64_t value) {
    begin(key);
    append_json_number(out_, value);
  }
  void add(std::string_view key, double value) {
    begin(key);
    append_json_number(out_, value);
  }
  void add_raw(std::string_view key, std::string_view json) {
    begin(key);
    out_ += json;
  }
  [[nodiscard]] std::string finish() { return out_ + '}'; }

 private:
  void begin(std::string_view key) {
    out_ += out_.size() == 1 ? "" : ",";
    append_json_string(out_, key);
    out_ += ':';
  }
  std::string out_ = "{";
};

std::string detectors_json(const Ensemble& ensemble) {
  std::string out = "[";
  for (std::size_t d = 0; d < ensemble.size(); ++d) {
    JsonObject member;
    member.add("name", ensemble.name(d));
    member.add("weight", ensemble.weight(d));
    out += (d == 0 ? "" : ",") + member.finish();
  }
  return out + "]";
}

}  // namespace

std::string make_manifest(const Model& model, const std::string& id) {
  JsonObject out;
  out.add("tool", "logdetect");
  out.add("version", program_version());
  out.add("model_id", id);
  out.add("records", model.facts.records);
  out.add("lines", model.facts.lines);
  out.add("bytes", model.facts.bytes);
  if (model.facts.has_time) {
    out.add("first_time", format_rfc3339(model.facts.first_time));
    out.add("last_time", format_rfc3339(model.facts.last_time));
  }
  out.add("templates", static_cast<std::uint64_t>(model.miner.size()));
  out.add("seed", model.config.run.seed);
  out.add("header", model.plans.front().describe());
  out.add("feature_schema", to_hex(model.schema.hash()));
  out.add("features", static_cast<std::uint64_t>(model.schema.size()));
  out.add_raw("detectors", detectors_json(model.ensemble));
  out.add("threshold_nats", model.ensemble.threshold());
  out.add("quantile_threshold_nats", model.ensemble.quantile_threshold());
  out.add("validation_records", model.facts.validation_records);
  out.add("validation_flagged", model.facts.validation_flagged);
  return out.finish();
}

}  // namespace logdetect
