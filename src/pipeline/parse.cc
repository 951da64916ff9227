#include "logdetect/pipeline/parse.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "logdetect/judging/drift.h"
#include "logdetect/judging/judging_setup.h"
#include "logdetect/mining/mask_ahead.h"
#include "logdetect/mining/template_overlay.h"
#include "logdetect/reading/input_pass.h"
#include "logdetect/reading/opened_inputs.h"
#include "logdetect/reading/record_counts.h"
#include "logdetect/training/model_source.h"
#include "logdetect/training/record_advice.h"
#include "pipeline/advice.h"
#include "pipeline/row_outputs.h"

namespace logdetect {
namespace {

// Text read, with what was made of it, before the first row is written: templates have settled by then. What comes
// later is mined and written as it comes, so memory stays flat.
constexpr std::size_t kLearnBytes = 32 << 20;

// Rows whose templates are on their way from memory while a row is written.
constexpr std::size_t kAhead = 8;

// Mines the input itself and writes rows. Not thread-safe.
class MiningWriter {
 public:
  MiningWriter(const Config& config, const Masker& masker, RowOutputs& rows, RunSummary& summary)
      : masker_(masker), miner_(config.miner), rows_(rows), summary_(summary) {}

  Result<void> take(ParsedBatch parsed) {
    Held held{std::move(parsed), {}};
    learn(held);
    if (!learning_) {
      return write(held);
    }
    constexpr std::size_t kPerRecord = sizeof(Record) + sizeof(Header) + sizeof(Event) + sizeof(ParsedTime);
    const EventBatch& batch = held.parsed.batch;
    held_bytes_ +=
        batch.records.bytes() + batch.events.size() * kPerRecord + batch.parameters.size() * sizeof(Parameter);
    held_.push_back(std::move(held));
    return held_bytes_ >= kLearnBytes ? release() : Result<void>();
  }

  Result<void> release() {
    learning_ = false;
    for (Held& held : held_) {
      LD_TRY(write(held));
      held = {};
    }
    held_.clear();
    return {};
  }

  [[nodiscard]] const TemplateMiner& miner() const { return miner_; }
  [[nodiscard]] TemplateHealth health() const { return health_of(miner_, records_, growth_); }

 private:
  struct Held {
    ParsedBatch parsed;
    std::vector<std::uint32_t> revisions;  // of each event's template when its parameters were cut
  };

  void learn(Held& held) {
    EventBatch& batch = held.parsed.batch;
    held.revisions.reserve(batch.events.size());
    batch.parameters.reserve(batch.events.size() * 2);
    const auto header_of = [&](std::size_t i) -> const Header& { return batch.headers[i]; };
    ahead_.run(masker_, miner_, batch.events.size(), header_of, [&](std::size_t i, const MaskedMessage& message) {
      Event& event = batch.events[i];
      event.template_id = miner_.learn(message);
      growth_.add(++records_, miner_.size() + miner_.evicted());
      held.revisions.push_back(miner_.revision(event.template_id));
      cut(message, event, batch);
    });
  }

  // Cuts the event's parameters out of its message.
  void cut(const MaskedMessage& message, Event& event, EventBatch& batch) {
    event.first_parameter = static_cast<std::uint32_t>(batch.parameters.size());
    miner_.parameters(event.template_id, message, batch.parameters);
    event.parameter_count = static_cast<std::uint16_t>(batch.parameters.size() - event.first_parameter);
  }

  Result<void> write(Held& held) {
    EventBatch& batch = held.parsed.batch;
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
      // In two steps: where the text of a template stands is itself on its way from memory at first.
      if (i + 2 * kAhead < batch.events.size()) {
        miner_.prefetch(batch.events[i + 2 * kAhead].template_id);
        rows_.prefetch(batch.events[i + 2 * kAhead].template_id);
        rows_.prefetch_text(batch.events[i + kAhead].template_id);
      }
      Event& event = batch.events[i];
      const TemplateId id = miner_.resolve(event.template_id);
      // Since the row was held its template was merged, evicted, or has opened a place: its values are cut again.
      if (!id.valid() || id != event.template_id || miner_.revision(id) != held.revisions[i]) {
        masker_.mask(batch.headers[i].message, batch.headers[i].extra_bytes, message_);
        // The template was evicted, so a row would have none.
        event.template_id = id.valid() ? id : miner_.match(message_);
        if (!event.template_id.valid()) {
          event.template_id = miner_.learn(message_);
        }
        cut(message_, event, batch);
      }
      const std::span<const Parameter> parameters(batch.parameters.data() + event.first_parameter,
                                                  event.parameter_count);
      summary_.count(RecordFate::kMatched);
      LD_TRY(rows_.write(batch.records.records()[i], event, miner_.revision(event.template_id), parameters,
                         [this](TemplateId wanted) { return miner_.info(wanted).text; }));
    }
    return {};
  }

  const Masker& masker_;
  TemplateMiner miner_;
  RowOutputs& rows_;
  RunSummary& summary_;
  MaskAhead ahead_;
  MaskedMessage message_;  // masked again
  std::vector<Held> held_;
  std::size_t held_bytes_ = 0;
  GrowthMeter growth_;
  std::uint64_t records_ = 0;
  bool learning_ = true;
};

// Writes rows by a model's templates; lines it does not know are mined beside it, with ids behind the model's.
class ModelWriter {
 public:
  ModelWriter(const Model& model, RowOutputs& rows, RunSummary& summary)
      : model_(model),
        overlay_(model.miner, model.config.miner, model.config.miner.max_templates),
        drift_(model.facts.late, model.miner.id_bound()),
        rows_(rows),
        summary_(summary) {}

  Result<void> take(ParsedBatch parsed) {
    EventBatch& batch = parsed.batch;
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
      Event& event = batch.events[i];
      std::uint32_t revision = 0;
      // Asked before the overlay gives the event an id.
      const RecordFate fate = fate_of(parsed, i, event.template_id.valid());
      if (fate != RecordFate::kMatched) {
        model_.masker.mask(batch.headers[i].message, batch.headers[i].extra_bytes, message_);
        event.template_id = overlay_.learn(message_);
        event.first_parameter = static_cast<std::uint32_t>(batch.parameters.size());
        overlay_.parameters(event.template_id, message_, batch.parameters);
        event.parameter_count = static_cast<std::uint16_t>(batch.parameters.size() - event.first_parameter);
        revision = overlay_.revision(event.template_id);
      }
      summary_.count(fate);
      drift_.add(fate, event.template_id);
      const std::span<const Parameter> parameters(batch.parameters.data() + event.first_parameter,
                                                  event.parameter_count);
      LD_TRY(rows_.write(batch.records.records()[i], event, revision, parameters,
                         [this](TemplateId id) { return overlay_.text(id); }));
    }
    return {};
  }

  [[nodiscard]] const TemplateOverlay& overlay() const { return overlay_; }
  [[nodiscard]] Drift drift() const {
    return drift_.whole([this](TemplateId id) { return overlay_.resolve(id); });
  }

 private:
  const Model& model_;
  TemplateOverlay overlay_;
  DriftMeter drift_;
  RowOutputs& rows_;
  RunSummary& summary_;
  MaskedMessage message_;
};

}  // namespace

Result<ParseReport> parse(const ParseRequest& request, const RunControl& control) {
  const Micros began = control.clock->monotonic();
  std::shared_ptr<const Model> model;
  Config config = request.config;
  if (!request.model.empty()) {
    LD_ASSIGN(model, obtain_model(request.model, {}, config, {}, control));
    config = judging_config(config, *model);
  }
  LD_ASSIGN(const OpenedInputs opened, prepare_inputs(request.inputs, config.ingest, nullptr));
  LD_ASSIGN(std::vector<HeaderPlan> plans, configured_plans(request.config.header));
  if (plans.empty() && model) {
    plans = model->plans;
  }
  LD_ASSIGN(const Masker own_masker, Masker::create(config.miner));
  OutputSet outputs;
  LD_ASSIGN(RowOutputs rows, RowOutputs::open(request.outputs, outputs));

  ParseReport report;
  TimeLine times(config.header.timezone, control.clock->wall());
  MiningWriter mining(config, own_masker, rows, report.summary);
  // Without a model `mining` writes; with one it stays empty.
  std::unique_ptr<ModelWriter> by_model = model ? std::make_unique<ModelWriter>(*model, rows, report.summary) : nullptr;
  LD_ASSIGN(const PassResult pass,
            run_pass(PassRequest{config, opened.inputs, std::move(plans), model ? &model->masker : nullptr,
                                 model ? &model->miner : nullptr, nullptr, control, "parsing"},
                     [&](ParsedBatch parsed) -> Result<void> {
                       times.resolve(parsed);
                       count_read(parsed, report.summary);
                       return by_model ? by_model->take(std::move(parsed)) : mining.take(std::move(parsed));
                     }));
  // A log smaller than kLearnBytes has not written a row yet.
  LD_TRY(mining.release());
  LD_TRY(rows.finish());
  LD_TRY(outputs.commit());

  RunSummary& summary = report.summary;
  summary.lines = pass.counters.lines;
  summary.bytes = pass.counters.bytes;
  summary.inputs_skipped = pass.counters.inputs_skipped + opened.problems.size();
  summary.records_without_time = times.without_time();
  summary.has_time = times.has_time();
  summary.first_time = times.first();
  summary.last_time = times.last();
  summary.templates_known = model ? model->miner.size() : mining.miner().size();
  if (by_model) {
    summary.templates_evicted = by_model->overlay().evicted();
    summary.templates_new = by_model->overlay().met();
    summary.drift = by_model->drift();
  } else {
    summary.templates_evicted = mining.miner().evicted();
  }
  summary.seconds = static_cast<double>(control.clock->monotonic() - began) / kMicrosPerSecond;
  for (const HeaderPlan& plan : pass.plans) {
    report.header += (report.header.empty() ? "" : " | ") + plan.describe();
  }
  report.problems = opened.problems;
  report.problems.insert(report.problems.end(), pass.counters.problems.begin(), pass.counters.problems.end());
  report.advice = model ? scan_advice(summary, model->facts, {}, false)
                        : parse_advice(summary, mining.health(), is_structured(pass.plans));
  report.advice.insert(report.advice.begin(), pass.notes.begin(), pass.notes.end());
  return report;
}

}  // namespace logdetect
