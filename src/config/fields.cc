#include "config/fields.h"

#include <algorithm>
#include <array>
#include <deque>
#include <string>

#include "config/bindings.h"
#include "logdetect/detection/aggregator.h"
#include "logdetect/models/detector.h"

namespace logdetect {
namespace {

constexpr bool kShapes = true;  // fixed by training

// Files, variables and models of older versions hold the old name.
constexpr std::array<RenamedField, 1> kRenamed = {{{"streams.key", "rates.key", "--stream-key"}}};

bool is_format_name(std::string_view name) {
  return !name.empty() && name.size() <= HeaderOptions::kMaxFormatBytes;
}

// The name becomes part of a path below the zone directory, so it must not climb out of it. There is no '.' for "..",
// and no '/' in front.
bool is_zone_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '/' || c == ':';
  };
  return !name.empty() && name.size() <= HeaderOptions::kMaxZoneBytes && name[0] != '/' && name[0] != ':' &&
         std::all_of(name.begin(), name.end(), fits);
}

// `while_judging` is false here: only options of detectors have it, and detector_fields() sets it.
Field row(std::string_view path, Binding binding, std::string_view unit, std::string_view help,
          std::string_view flag = {}, bool shapes_model = false) {
  return {{path, unit, help, flag, shapes_model, false, binding.type, binding.range}, std::move(binding)};
}

std::vector<Field> run_fields() {
  using R = RunOptions;
  constexpr auto kPart = &Config::run;
  return {
      row("run.threads", integer(kPart, &R::threads, R::kThreadsRange), "",
          "worker threads; more are faster up to the number of cores; 0: one per core, at most 8", "--threads"),
      row("run.seed", integer(kPart, &R::seed, Range<std::uint64_t>{0, UINT64_MAX}), "",
          "seed of everything random in training; another one gives another model of the same quality", "--seed"),
      row("run.days", number(kPart, &R::days, R::kDaysRange), "days",
          "train on the last so many days of event time only; more days know more habits; 0: everything", "--days"),
      row("run.validation_share", number(kPart, &R::validation_share, R::kValidationShareRange), "share",
          "latest part of training, kept apart to calibrate; a larger part makes the threshold surer and the rest "
          "smaller"),
      row("run.exclude", exclusion_list(), "",
          "messages that training leaves out, as patterns: <*> or <NAME> stands for any text"),
  };
}

std::vector<Field> ingest_fields() {
  using I = IngestOptions;
  constexpr auto kPart = &Config::ingest;
  return {
      row("ingest.max_line_bytes", bytes(kPart, &I::max_line_bytes, I::kLineBytesRange), "bytes",
          "bytes kept of a line; the rest is skipped; more keep longer lines whole and cost memory",
          "--max-line-bytes"),
      row("ingest.batch_bytes", bytes(kPart, &I::batch_bytes, I::kBatchBytesRange), "bytes",
          "text handed from stage to stage at a time; more is a little faster and later"),
      row("ingest.batch_records", integer(kPart, &I::batch_records, I::kBatchRecordsRange), "records",
          "records handed from stage to stage at a time; more is a little faster and later"),
      row("ingest.stitch", on_off(kPart, &I::stitch), "",
          "join continuation lines (stack traces) to the line they belong to", "--no-stitch"),
      row("ingest.stitch_max_lines", integer(kPart, &I::stitch_max_lines, I::kStitchLinesRange), "lines",
          "lines joined at most; more keep longer stack traces whole"),
      row("ingest.stitch_max_bytes", bytes(kPart, &I::stitch_max_bytes, I::kStitchBytesRange), "bytes",
          "bytes joined at most; more keep longer stack traces whole"),
      row("ingest.force_text", on_off(kPart, &I::force_text), "", "read inputs that look binary all the same",
          "--text"),
      row("ingest.recursive", on_off(kPart, &I::recursive), "", "descend into directories", "-r,--recursive"),
      row("ingest.encoding",
          word(kPart, &I::encoding,
               {{"auto", Encoding::kAuto},
                {"utf-8", Encoding::kUtf8},
                {"utf-16le", Encoding::kUtf16Le},
                {"utf-16be", Encoding::kUtf16Be}}),
          "", "how bytes become text; auto: by the byte order mark, else bytes as they are", "--encoding"),
  };
}

std::vector<Field> parsing_fields() {
  using H = HeaderOptions;
  using M = MinerOptions;
  constexpr auto kHeader = &Config::header;
  constexpr auto kMiner = &Config::miner;
  return {
      row("header.format",
          text(kHeader, &H::format, is_format_name, "auto, none, a format's name, a .yaml file or a pattern"), "",
          "how lines begin: auto finds out, else see `logdetect help formats`", "--log-format", kShapes),
      row("header.sample_lines", integer(kHeader, &H::sample_lines, H::kSampleLinesRange), "lines",
          "lines that auto looks at; more make mixed layouts surer and the start slower", "", kShapes),
      row("header.timezone", text(kHeader, &H::timezone, is_zone_name, "UTC, +HH:MM or a name like Europe/Berlin"), "",
          "zone of timestamps that state none", "--timezone", kShapes),
      row("miner.similarity", number(kMiner, &M::similarity, M::kSimilarityRange), "share",
          "least share of equal words for two templates to be merged; higher keeps more templates apart", "", kShapes),
      row("miner.depth", integer(kMiner, &M::depth, M::kDepthRange), "levels",
          "levels of the tree, root and leaves included; more keep more templates apart", "", kShapes),
      row("miner.max_children", integer(kMiner, &M::max_children, M::kChildrenRange), "words",
          "children of a node; further words go to the wildcard; more keep more templates apart and cost memory", "",
          kShapes),
      row("miner.max_templates", integer(kMiner, &M::max_templates, M::kTemplatesRange), "templates",
          "templates kept; beyond it the rarest, oldest are dropped; more cost memory", "", kShapes),
      row("miner.max_tokens", integer(kMiner, &M::max_tokens, M::kTokensRange), "tokens",
          "words of a message; the tail becomes one wildcard; more tell longer messages apart and cost time", "",
          kShapes),
      row("miner.masks", mask_list(), "",
          "your own masks: every match of a pattern (RE2) becomes a value, in this order, before the built-in ones", "",
          kShapes),
      row("miner.templates", template_list(), "",
          "templates of your own, like \"user <*> logged in from <IP>\": a message that matches takes the first that "
          "does, which is never merged or dropped",
          "", kShapes),
      row("miner.quoted_values", on_off(kMiner, &M::quoted_values), "", "whether what stands in quotes is one value",
          "", kShapes),
  };
}

// Only the length: the rooms that use a pattern compile it.
bool is_pattern(std::string_view pattern) {
  return pattern.size() <= kMaxPatternBytes;
}

std::string pattern_range() {
  return "a regular expression of at most " + std::to_string(kMaxPatternBytes) + " bytes";
}

// Of those that the configuration does not name.
const std::string& weights_help() {
  static const std::string help = [] {
    std::string own;
    for (const DetectorEntry& entry : detector_table()) {
      own += (own.empty() ? "" : ", ") + std::string(entry.name) + " " + number_text(entry.default_weight);
    }
    return "weight of a detector in the sum; of those not named: " + own;
  }();
  return help;
}

std::vector<Field> session_fields() {
  using S = SessionOptions;
  constexpr auto kPart = &Config::sessions;
  return {
      row("sessions.key", text(kPart, &S::key, is_pattern, pattern_range()), "",
          "pattern (RE2) whose capture group 1, or match, names the session a record belongs to; empty: see auto",
          "--session-key", kShapes),
      row("sessions.auto", on_off(kPart, &S::automatic), "",
          "without a key, a delimiter or a gap: look for an id that threads the log", "", kShapes),
      row("sessions.delimiter", text(kPart, &S::delimiter, is_pattern, pattern_range()), "",
          "pattern (RE2) of a record that begins a new session; empty: none", "", kShapes),
      row("sessions.gap_seconds", number(kPart, &S::gap_seconds, S::kGapRange), "seconds",
          "a silence longer than this ends a session; larger makes fewer, longer sessions; 0: none does", "", kShapes),
  };
}

std::vector<Field> feature_fields() {
  using F = FeatureOptions;
  return {
      row("features.window_seconds", window_list(), "seconds",
          "lengths of the sliding windows of event time; longer ones see slower bursts", "", kShapes),
      row("features.profile_min_days", number(&Config::features, &F::profile_min_days, F::kProfileDaysRange), "days",
          "training time below which the hour says nothing; more needs a longer history and gives fewer false alarms",
          "", kShapes),
      row("features.reorder_seconds", integer(&Config::features, &F::reorder_seconds, F::kReorderRange), "seconds",
          "lines that are later than this count as late; larger forgives more disorder", "", kShapes),
      row("rates.key",
          word(&Config::features, &F::rate_key,
               {{"none", RateKey::kNone},
                {"host", RateKey::kHost},
                {"component", RateKey::kComponent},
                {"file", RateKey::kFile}}),
          "",
          "count templates by host, component or file too, so that what is normal on one is not taken for normal on "
          "all",
          "--rates-key", kShapes),
  };
}

std::vector<Field> ensemble_fields() {
  using E = EnsembleOptions;
  return {
      row("ensemble.detectors", detector_list(), "", "detectors that judge together, or one set: all, classic",
          "--detectors", kShapes),
      row("ensemble.weights", weight_map(), "", weights_help(), "", kShapes),
      row("ensemble.cap_nats", number(&Config::ensemble, &E::cap_nats, E::kCapRange), "nats",
          "bound of one detector's part of the sum; higher lets one detector decide alone; 0: each detector's own", "",
          kShapes),
  };
}

// The options that detectors have in common, or those that each has for itself.
std::vector<Field> detector_fields(bool shared) {
  static std::deque<std::string> paths;  // rows hold views of them, and a deque never moves its elements
  std::vector<Field> fields;
  for (const OptionGroup& group : option_groups()) {
    if (group.shared != shared) {
      continue;
    }
    for (const OptionInfo& option : group.options) {
      std::string& path = paths.emplace_back(group.name);
      path.append(".").append(option.name);
      // An option of the machine, such as neural.device, is no part of a model.
      Field& field = fields.emplace_back(row(path, detector_option(group.name, option), option.unit, option.help,
                                             option.flag, option.scope != OptionScope::kMachine));
      field.info.while_judging = option.scope == OptionScope::kJudging;
    }
  }
  return fields;
}

std::vector<std::string_view> aggregator_names() {
  std::vector<std::string_view> names;
  for (const AggregatorEntry& entry : aggregator_table()) {
    names.push_back(entry.name);
  }
  return names;
}

std::vector<Field> judging_fields() {
  using T = ThresholdOptions;
  using I = IncidentOptions;
  constexpr auto kThreshold = &Config::threshold;
  constexpr auto kIncidents = &Config::incidents;
  return {
      row("threshold.target_fpr", number(kThreshold, &T::target_fpr, T::kTargetFprRange), "share",
          "share of held-out records that may lie above the threshold; higher flags more", "--target-fpr", kShapes),
      row("threshold.absolute_nats", number(kThreshold, &T::absolute_nats, T::kAbsoluteRange), "nats",
          "the threshold, unless target_fpr raises it, at most to twice this; higher flags less; 6.9 is one in a "
          "thousand",
          "", kShapes),
      row("threshold.alerts_per_day", number(kThreshold, &T::alerts_per_day, T::kAlertsRange), "alerts",
          "most kinds of lines flagged per day of the held-out part; higher flags more; 0: any number",
          "--alerts-per-day", kShapes),
      // From here on training fixes nothing: each judging run has its own values.
      row("threshold.sensitivity",
          word(kThreshold, &T::sensitivity,
               {{"low", Sensitivity::kLow}, {"medium", Sensitivity::kMedium}, {"high", Sensitivity::kHigh}}),
          "", "how readily a record is flagged; high flags more", "--sensitivity"),
      row("threshold.fixed_score", number(kThreshold, &T::fixed_score, T::kFixedScoreRange), "score",
          "flag records that score at least this; higher flags less; 0: use the model's threshold", "--threshold"),
      row("threshold.hour_multipliers", hour_list(), "",
          "factors on the threshold by hour of the day, UTC, from 00; higher flags less in that hour"),
      row("incidents.aggregator", name(kIncidents, &I::aggregator, aggregator_names()), "",
          "what joins findings into an incident"),
      row("incidents.gap_seconds", integer(kIncidents, &I::gap_seconds, I::kGapRange), "seconds",
          "largest gap inside an incident; larger makes fewer, longer incidents"),
      row("incidents.max_seconds", integer(kIncidents, &I::max_seconds, I::kLengthRange), "seconds",
          "an incident is cut at this length; larger makes fewer, longer incidents"),
      row("incidents.deployment_seconds", integer(kIncidents, &I::deployment_seconds, I::kDeploymentRange), "seconds",
          "how long after a start or a new version what is new and calm belongs to it; larger hides more news"),
      row("incidents.deploy_marker", text(kIncidents, &I::deploy_marker, is_pattern, pattern_range()), "",
          "pattern (RE2) of records that announce a deployment, beside the banners known by their words; empty: none",
          "--deploy-marker"),
      row("incidents.max_findings", integer(kIncidents, &I::max_findings, I::kFindingsRange), "findings",
          "findings kept of an incident; more show more of a large one and cost memory"),
      row("incidents.max_open", integer(kIncidents, &I::max_open, I::kOpenRange), "incidents",
          "incidents open at a time; beyond it the quietest is closed; more cost time and memory"),
  };
}

// The order of configs/default.yaml. Rows of a section stand together, for to_yaml() begins one where the name changes.
std::vector<Field> build_table() {
  std::vector<Field> table;
  for (std::vector<Field>& part : std::vector<std::vector<Field>>{
           run_fields(), ingest_fields(), parsing_fields(), session_fields(), feature_fields(), detector_fields(false),
           ensemble_fields(), detector_fields(true), judging_fields()}) {
    std::move(part.begin(), part.end(), std::back_inserter(table));
  }
  return table;
}

}  // namespace

std::span<const Field> field_table() {
  static const std::vector<Field> table = build_table();
  return table;
}

std::span<const RenamedField> renamed_fields() {
  return kRenamed;
}

std::span<const FieldInfo> config_fields() {
  static const std::vector<FieldInfo> infos = [] {
    std::vector<FieldInfo> out;
    for (const Field& field : field_table()) {
      out.push_back(field.info);
    }
    return out;
  }();
  return infos;
}

}  // namespace logdetect
