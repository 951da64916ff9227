#include "learned/manifest.h"

#include <numeric>
#include <string>
#include <vector>

#include "logdetect/base/hash.h"
#include "logdetect/base/version.h"
#include "logdetect/learned/model.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/report/json_object.h"

namespace logdetect {

std::string make_manifest(const Model& model, const std::string& id) {
  std::vector<std::size_t> members(model.ensemble.size());
  std::iota(members.begin(), members.end(), std::size_t{0});
  std::string out;
  {
    // Its end writes the closing brace, so `out` is whole only behind this block.
    JsonObject object(out);
    object.text("tool", "logdetect");
    object.text("version", program_version());
    object.text("model_id", id);
    object.number("records", model.facts.records);
    object.number("lines", model.facts.lines);
    object.number("bytes", model.facts.bytes);
    if (model.facts.has_time) {
      object.text("first_time", format_rfc3339(model.facts.first_time));
      object.text("last_time", format_rfc3339(model.facts.last_time));
    }
    object.number("templates", std::uint64_t{model.miner.size()});
    object.number("seed", model.config.run.seed);
    object.text("header", model.plans.front().describe());
    object.text("feature_schema", to_hex(model.schema.hash()));
    object.number("features", std::uint64_t{model.schema.size()});
    object.list("detectors", members, [&](std::string& list, std::size_t d) {
      JsonObject member(list);
      member.text("name", model.ensemble.name(d));
      member.number("weight", model.ensemble.weight(d));
    });
    object.number("threshold_nats", model.ensemble.threshold());
    object.number("quantile_threshold_nats", model.ensemble.quantile_threshold());
    object.number("validation_records", model.facts.validation_records);
    object.number("validation_flagged", model.facts.validation_flagged);
  }
  return out;
}

}  // namespace logdetect
