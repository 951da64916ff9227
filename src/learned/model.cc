#include "logdetect/learned/model.h"

#include <utility>

#include "learned/manifest.h"
#include "logdetect/base/hash.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/lexis/timestamp.h"
#include "logdetect/reading/plan_chooser.h"

namespace logdetect {
namespace {

// The newest layout of each section that this program knows. Bundle::require() refuses a newer one.
constexpr std::uint32_t kHeaderVersion = 1;
constexpr std::uint32_t kTemplatesVersion = 1;
constexpr std::uint32_t kBaselineVersion = 1;
constexpr std::uint32_t kSchemaVersion = 1;
constexpr std::uint32_t kConfigVersion = 1;
constexpr std::uint32_t kFactsVersion = 2;     // 2: late part
constexpr std::uint32_t kSessionsVersion = 3;  // and the oldest that it reads
constexpr std::uint32_t kSampleVersion = 1;

void add_section(Bundle& bundle, const char* name, std::uint32_t version, ByteWriter& out) {
  bundle.add({name, version, out.take()});
}

void save_facts(const TrainingFacts& facts, ByteWriter& out) {
  out.u64(facts.records);
  out.u64(facts.lines);
  out.u64(facts.bytes);
  out.u64(facts.validation_records);
  out.u64(facts.validation_flagged);
  out.i64(facts.first_time);
  out.i64(facts.last_time);
  out.u8(facts.has_time ? 1 : 0);
  out.u64(facts.late.records);
  out.u64(facts.late.unmatched);
  out.u64(facts.late.templates);
}

TrainingFacts load_facts(ByteReader& in, std::uint32_t version) {
  TrainingFacts facts;
  facts.records = in.u64();
  facts.lines = in.u64();
  facts.bytes = in.u64();
  facts.validation_records = in.u64();
  facts.validation_flagged = in.u64();
  facts.first_time = in.i64();
  facts.last_time = in.i64();
  facts.has_time = in.u8() != 0;
  // Older models have no late part: what drift is usual is then unknown.
  if (version >= 2) {
    facts.late.records = in.u64();
    facts.late.unmatched = in.u64();
    facts.late.templates = in.u64();
  }
  return facts;
}

Result<ByteReader> reader(const Bundle& bundle, const char* name, std::uint32_t version) {
  LD_ASSIGN(const Section* section, bundle.require(name, version));
  return ByteReader(section->bytes, std::string("section ") + name);
}

Result<std::vector<HeaderPlan>> load_plans(const Bundle& bundle) {
  LD_ASSIGN(ByteReader in, reader(bundle, "header", kHeaderVersion));
  const std::size_t count = in.count(1, kMaxPlans);
  std::vector<HeaderPlan> plans;
  for (std::size_t i = 0; i < count; ++i) {
    LD_ASSIGN(HeaderPlan plan, HeaderPlan::load(in));
    plans.push_back(std::move(plan));
  }
  LD_TRY(in.finish());
  if (plans.empty()) {
    return make_error(ErrorCode::kModel, "the model has no header plan", "section header");
  }
  return plans;
}

// What a session is in this log, and what sessions usually look like.
void add_sessions(Bundle& bundle, const Model& model) {
  ByteWriter out;
  out.str(model.session_key);
  out.f64(model.session_scorer.learnt().usual_step);
  out.f64(model.session_scorer.learnt().usual_slow);
  out.f64(model.session_scorer.learnt().threshold);
  model.sessions.save(out);
  add_section(bundle, "sessions", kSessionsVersion, out);
}

struct LoadedSessions {
  std::string key;
  SessionScorer scorer;
  SessionStatistics statistics;
};

Result<LoadedSessions> load_sessions(const Bundle& bundle, std::size_t templates) {
  LD_ASSIGN(const Section* section, bundle.require("sessions", kSessionsVersion, kSessionsVersion));
  ByteReader in(section->bytes, "section sessions");
  LoadedSessions out;
  out.key = std::string(in.str());
  const double usual_step = in.f64();
  const double usual_slow = in.f64();
  const double threshold = in.f64();
  constexpr double kMostNats = 1e6;
  if (!(usual_step >= 0 && usual_step <= kMostNats && usual_slow >= 0 && usual_slow <= kMostNats && threshold > 0 &&
        threshold <= kMostNats)) {
    in.fail("the session threshold is out of range");
  }
  out.scorer = SessionScorer(SessionScorer::Learnt{usual_step, usual_slow, threshold});
  out.statistics.load(in, templates);
  LD_TRY(in.finish());
  return out;
}

}  // namespace

bool knows_sessions(const Model& model) {
  // A share of fewer sessions says next to nothing: one in 20 is anything between 0.1 and 25 %.
  constexpr std::uint64_t kFewestSessions = 20;
  return model.sessions.sessions() >= kFewestSessions;
}

std::string model_id(const Bundle& bundle) {
  std::uint64_t hash = 0;
  for (const Section& section : bundle.sections()) {
    // The manifest is no section, so it can hold the id.
    hash = hash64(section.bytes, hash64(section.name, hash));
  }
  return to_hex(hash);
}

Bundle bundle_model(const Model& model) {
  Bundle bundle;
  ByteWriter config;
  config.str(model.config_yaml);
  add_section(bundle, "config", kConfigVersion, config);
  ByteWriter facts;
  save_facts(model.facts, facts);
  add_section(bundle, "facts", kFactsVersion, facts);
  ByteWriter header;
  header.u64(model.plans.size());
  for (const HeaderPlan& plan : model.plans) {
    plan.save(header);
  }
  add_section(bundle, "header", kHeaderVersion, header);
  ByteWriter templates;
  model.miner.save(templates);
  add_section(bundle, "templates", kTemplatesVersion, templates);
  ByteWriter schema;
  // Only the hash is read back. The names tell what the columns were.
  schema.u64(model.schema.hash());
  schema.u64(model.schema.size());
  for (const FeatureInfo& column : model.schema.columns) {
    schema.str(column.name);
    schema.str(column.unit);
    schema.str(column.meaning);
  }
  add_section(bundle, "schema", kSchemaVersion, schema);
  ByteWriter baseline;
  model.baseline.save(baseline);
  add_section(bundle, "baseline", kBaselineVersion, baseline);
  add_sessions(bundle, model);
  model.ensemble.save(bundle);
  ByteWriter sample;
  model.sample.save(sample);
  add_section(bundle, "sample", kSampleVersion, sample);
  bundle.set_manifest(make_manifest(model, model_id(bundle)));
  return bundle;
}

Result<Model> read_model(const Bundle& bundle) {
  // First: the configuration below may hold options of a detector that this program lacks.
  LD_TRY(Ensemble::check_detectors(bundle));
  LD_ASSIGN(ByteReader config_in, reader(bundle, "config", kConfigVersion));
  const std::string config_yaml(config_in.str());
  LD_TRY(config_in.finish());
  ConfigBuilder builder;
  // What does not read here is damage of the model, no mistake of the user in a configuration.
  if (auto applied = builder.apply_yaml(config_yaml, "the model's configuration", Origin::kModel); !applied) {
    return make_error(ErrorCode::kModel, applied.error().message, applied.error().where);
  }
  const Config config = builder.config();

  LD_ASSIGN(ByteReader facts_in, reader(bundle, "facts", kFactsVersion));
  // reader() above found the section, so it is there.
  const TrainingFacts facts = load_facts(facts_in, bundle.find("facts")->version);
  LD_TRY(facts_in.finish());
  LD_ASSIGN(std::vector<HeaderPlan> plans, load_plans(bundle));

  LD_ASSIGN(ByteReader templates_in, reader(bundle, "templates", kTemplatesVersion));
  LD_ASSIGN(TemplateMiner miner, TemplateMiner::load(templates_in, config.miner));
  LD_TRY(templates_in.finish());
  LD_ASSIGN(Masker masker, Masker::create(config.miner));

  // Made anew from the configuration: rows are computed by this program, and must be those that training saw.
  FeatureSchema schema = feature_schema(config.features);
  LD_ASSIGN(ByteReader schema_in, reader(bundle, "schema", kSchemaVersion));
  if (schema_in.u64() != schema.hash()) {
    return make_error(ErrorCode::kModel, "the model was trained with other features than this program computes",
                      "section schema", "train again with this version of logdetect");
  }
  LD_ASSIGN(ByteReader baseline_in, reader(bundle, "baseline", kBaselineVersion));
  LD_ASSIGN(Baseline baseline, Baseline::load(baseline_in, config.features));
  LD_TRY(baseline_in.finish());
  LD_ASSIGN(LoadedSessions sessions, load_sessions(bundle, miner.id_bound()));
  LD_ASSIGN(Ensemble ensemble, Ensemble::load(bundle, schema));
  KeptSample sample;
  if (bundle.find("sample") != nullptr) {  // not in models of the first versions
    LD_ASSIGN(ByteReader sample_in, reader(bundle, "sample", kSampleVersion));
    sample.load(sample_in, schema.size(), miner.id_bound());
    LD_TRY(sample_in.finish());
  }
  return Model{model_id(bundle),
               config_yaml,
               config,
               facts,
               std::move(plans),
               std::move(masker),
               std::move(miner),
               std::move(schema),
               std::move(baseline),
               std::move(sessions.statistics),
               sessions.scorer,
               std::move(sessions.key),
               std::move(ensemble),
               std::move(sample)};
}

Result<std::shared_ptr<const Model>> unbundle_model(const Bundle& bundle) {
  LD_ASSIGN(Model model, read_model(bundle));
  return std::shared_ptr<const Model>(std::make_shared<Model>(std::move(model)));
}

Result<std::shared_ptr<const Model>> load_model(const std::string& path) {
  LD_ASSIGN(const Bundle bundle, Bundle::load(path));
  return unbundle_model(bundle);
}

}  // namespace logdetect
