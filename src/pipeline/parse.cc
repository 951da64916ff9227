#include "logdetect/pipeline/parse.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "logdetect/report/output.h"
#include "pipeline/advice.h"
#include "pipeline/input_pass.h"
#include "pipeline/model_source.h"
#include "pipeline/row_writer.h"

namespace logdetect {
namespace {

// Text read, with what was made of it, before the first row is written: templates have settled by then. What comes
// later is mined and written as it comes, so memory stays flat.
constexpr std::size_t kLearnBytes = 32 << 20;

// Mines the input itself and writes rows. Not thread-safe.
class MiningWriter {
 public:
  MiningWriter(const Config& config, const Masker& masker, RowWriter& rows)
      : masker_(masker), miner_(config.miner), rows_(rows) {}

  Result<void> take(ParsedBatch parsed) {
    Held held{std::move(parsed), {}, 0};
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

 private:
  struct Held {
    ParsedBatch parsed;
    std::vector<std::uint32_t> revisions;  // of each event's template when its parameters were cut
    std::uint64_t evicted = 0;             // templates evicted by the end of the batch
  };

  void learn(Held& held) {
    EventBatch& batch = held.parsed.batch;
    held.revisions.reserve(batch.events.size());
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
      Event& event = batch.events[i];
      masker_.mask(batch.headers[i].message, message_);
      event.template_id = miner_.learn(message_);
      held.revisions.push_back(miner_.revision(event.template_id));
      cut(event, batch);
    }
    held.evicted = miner_.evicted();
  }

  // Cuts the event's parameters out of message_, which must be its own.
  void cut(Event& event, EventBatch& batch) {
    event.first_parameter = static_cast<std::uint32_t>(batch.parameters.size());
    miner_.parameters(event.template_id, message_, batch.parameters);
    event.parameter_count = static_cast<std::uint16_t>(batch.parameters.size() - event.first_parameter);
  }

  Result<void> write(Held& held) {
    EventBatch& batch = held.parsed.batch;
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
      Event& event = batch.events[i];
      // Ids of evicted templates may have been given to others since.
      const TemplateId id = held.evicted == miner_.evicted() ? miner_.resolve(event.template_id) : TemplateId();
      if (!id.valid() || id != event.template_id || miner_.revision(id) != held.revisions[i]) {
        masker_.mask(batch.headers[i].message, message_);
        event.template_id = id.valid() ? id : miner_.match(message_);
        if (!event.template_id.valid()) {
          event.template_id = miner_.learn(message_);
        }
        cut(event, batch);
      }
      const std::span<const Parameter> parameters(batch.parameters.data() + event.first_parameter,
                                                  event.parameter_count);
      LD_TRY(rows_.write(batch.records.records()[i], event, miner_.revision(event.template_id), parameters,
                         [this](TemplateId wanted) { return miner_.info(wanted).text; }));
    }
    return {};
  }

  const Masker& masker_;
  TemplateMiner miner_;
  RowWriter& rows_;
  MaskedMessage message_;
  std::vector<Held> held_;
  std::size_t held_bytes_ = 0;
  bool learning_ = true;
};

// Writes rows by a model's templates; lines it does not know are mined beside it, with ids behind the model's.
class ModelWriter {
 public:
  ModelWriter(const Model& model, RowWriter& rows) : model_(model), overlay_(model.config.miner), rows_(rows) {}

  Result<void> take(ParsedBatch parsed) {
    EventBatch& batch = parsed.batch;
    const auto known = static_cast<std::uint32_t>(model_.miner.size());
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
      Event& event = batch.events[i];
      std::uint32_t revision = 0;
      if (!event.template_id.valid()) {
        model_.masker.mask(batch.headers[i].message, message_);
        const TemplateId fresh = overlay_.learn(message_);
        event.first_parameter = static_cast<std::uint32_t>(batch.parameters.size());
        overlay_.parameters(fresh, message_, batch.parameters);
        event.parameter_count = static_cast<std::uint16_t>(batch.parameters.size() - event.first_parameter);
        event.template_id = TemplateId(known + fresh.value());
        revision = overlay_.revision(fresh);
        ++new_records_;
      }
      const std::span<const Parameter> parameters(batch.parameters.data() + event.first_parameter,
                                                  event.parameter_count);
      const auto text = [&](TemplateId id) {
        return id.value() < known ? model_.miner.info(id).text : overlay_.info(TemplateId(id.value() - known)).text;
      };
      LD_TRY(rows_.write(batch.records.records()[i], event, revision, parameters, text));
    }
    return {};
  }

  [[nodiscard]] const TemplateMiner& overlay() const { return overlay_; }
  [[nodiscard]] std::uint64_t new_records() const { return new_records_; }

 private:
  const Model& model_;
  TemplateMiner overlay_;
  RowWriter& rows_;
  MaskedMessage message_;
  std::uint64_t new_records_ = 0;
};

}  // namespace

Result<ParseReport> parse(const ParseRequest& request, const RunControl& control) {
  const Micros began = control.clock->monotonic();
  std::shared_ptr<const Model> model;
  Config config = request.config;
  if (!request.model.empty()) {
    LD_ASSIGN(model, obtain_model(request.model, {}, config, {}, control));
    config = scan_config(config, *model);
  }
  LD_ASSIGN(const OpenedInputs opened, prepare_inputs(request.inputs, config.ingest, nullptr));
  LD_ASSIGN(std::vector<HeaderPlan> plans, configured_plans(request.config.header));
  if (plans.empty() && model) {
    plans = model->plans;
  }
  LD_ASSIGN(const Masker own_masker, Masker::create(config.miner));
  LD_ASSIGN(std::unique_ptr<Output> output, open_output(request.output));
  RowWriter rows(*output, request.format == "jsonl");
  LD_TRY(rows.begin());

  ParseReport report;
  TimeLine times(config.header.timezone, control.clock->wall());
  MiningWriter mining(config, own_masker, rows);
  std::unique_ptr<ModelWriter> by_model = model ? std::make_unique<ModelWriter>(*model, rows) : nullptr;
  LD_ASSIGN(const PassResult pass,
            run_pass(PassRequest{config, opened.inputs, std::move(plans), model ? &model->masker : nullptr,
                                 model ? &model->miner : nullptr, nullptr, control, "parsing"},
                     [&](ParsedBatch parsed) -> Result<void> {
                       times.resolve(parsed);
                       report.summary.records += parsed.batch.events.size();
                       return by_model ? by_model->take(std::move(parsed)) : mining.take(std::move(parsed));
                     }));
  LD_TRY(mining.release());
  LD_TRY(output->commit());

  RunSummary& summary = report.summary;
  summary.lines = pass.counters.lines;
  summary.bytes = pass.counters.bytes;
  summary.records_truncated = pass.counters.lines_truncated;
  summary.inputs_skipped = pass.counters.inputs_skipped + opened.problems.size();
  summary.records_without_time = times.without_time();
  summary.records_new = by_model ? by_model->new_records() : 0;
  summary.records_known = summary.records - summary.records_new;
  summary.templates_known = model ? model->miner.size() : mining.miner().size();
  summary.templates_new = by_model ? by_model->overlay().size() : 0;
  summary.seconds = static_cast<double>(control.clock->monotonic() - began) / kMicrosPerSecond;
  for (const HeaderPlan& plan : pass.plans) {
    report.header += (report.header.empty() ? "" : " | ") + plan.describe();
  }
  report.problems = opened.problems;
  report.problems.insert(report.problems.end(), pass.counters.problems.begin(), pass.counters.problems.end());
  std::uint64_t singletons = 0;
  for (const TemplateInfo& info : mining.miner().list()) {
    singletons += info.count == 1 ? 1 : 0;
  }
  report.advice = parse_advice(summary, singletons, mining.miner().evicted());
  return report;
}

}  // namespace logdetect
