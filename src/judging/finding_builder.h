#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "judging/scored_batch.h"
#include "judging/sighting.h"
#include "logdetect/detection/explainer.h"

namespace logdetect {

struct Model;
class TemplateOverlay;

/// What an id and an allow rule look at. Views hold until the builder is asked again, and as long as the sighting and
/// its batch.
struct Subject {
  std::string_view template_text;
  std::string_view line;  ///< message of the record, or last line before a silence; empty of a session
  std::string_view host;
  std::string_view component;
  std::string_view stream;     ///< the source's name without folder and rotation
  std::string_view session;    ///< of a session only: its name
  std::optional<Micros> time;  ///< for rules with an expiry: of a record its own
  Micros began = 0;            ///< for the id: event time; 0 without any clock

  /// What the pattern of a rule must match: of a session its template.
  [[nodiscard]] std::string_view message() const { return session.empty() ? line : template_text; }
};

/// Makes findings of sightings: first what is cheap to say, then, for those that are kept, reasons and context. It
/// tells habits from news. Its running state is what the context needs: the last lines, and the names of the sources.
/// Not thread-safe.
///
/// Wherever a sighting and a batch are given, Sighting::row is an index into that batch, or Sighting::kNoRow.
class FindingBuilder {
 public:
  static constexpr std::size_t kContextLines = 3;
  static constexpr std::size_t kMaxContextBytes = 1024;                   ///< kept of a line of context
  static constexpr std::size_t kMaxMessageBytes = std::size_t{8} * 1024;  ///< kept of a record

  /// All must outlive it. `extractor` is the one whose rows the batches hold.
  FindingBuilder(const Model& model, const TemplateOverlay& templates, const FeatureExtractor& extractor,
                 const ThresholdOptions& options);

  /// Before the sightings of a batch.
  void begin(const ScoredBatch& batch);
  /// After them: keeps its last lines as context of the next batch.
  void end(const ScoredBatch& batch);

  /// What the id is made of and the allow rules decide by. Of a session the template is the one that weighs most in its
  /// score.
  [[nodiscard]] Subject subject(const Sighting& sighting, const ScoredBatch& batch);
  /// A finding with all that decides where it belongs: place, time, template, verdict, habit. Its id is the caller's to
  /// set. O(1).
  [[nodiscard]] Finding describe(const Sighting& sighting, const ScoredBatch& batch) const;
  /// Adds to such a finding what is costly: texts, reasons, context. O(columns + trees x depth).
  void complete(const Sighting& sighting, const ScoredBatch& batch, Finding& finding);
  /// What has changed about a bout: its extent, verdict and reasons. Its id is the caller's to set.
  [[nodiscard]] Finding changed(const Sighting& sighting) const;

 private:
  struct OddColumn {
    int column;             // -1: not in the schema
    std::string_view kind;  // of reasons
  };
  // To render a template costs more than to judge a line, and anomalous lines repeat each other.
  struct RenderedTemplate {
    TemplateId id;
    std::uint32_t revision = 0;
    std::string text;
  };
  static constexpr std::size_t kRenderedTemplates = 256;
  struct State {
    std::deque<std::string> last_lines;  // of the batch before, if it was of the same source
    SourceId last_source;
    std::map<SourceId, std::string> source_names;
    bool has_time = false;
  };

  [[nodiscard]] Finding describe_record(const Sighting& sighting, const ScoredBatch& batch) const;
  [[nodiscard]] Finding describe_silence(const Sighting& sighting) const;
  [[nodiscard]] Finding describe_session(const Sighting& sighting, const ScoredBatch& batch) const;
  [[nodiscard]] Finding describe_ended_session(const Sighting& sighting) const;
  void complete_record(const Sighting& sighting, const ScoredBatch& batch, Finding& finding);
  void complete_session(const Sighting& sighting, const ScoredBatch& batch, Finding& finding);
  [[nodiscard]] std::vector<std::string> context_of(const ScoredBatch& batch, std::size_t i) const;
  [[nodiscard]] Bout bout_of(const Sighting& sighting) const;
  [[nodiscard]] Verdict verdict_of_sighting(const Sighting& sighting) const;
  [[nodiscard]] const std::string& source_name(SourceId id) const;
  // Holds until the next call.
  [[nodiscard]] const std::string& template_text(TemplateId id);

  [[nodiscard]] bool is_habit(const Event& event) const;
  [[nodiscard]] bool is_odd(std::span<const float> row, std::string_view kind) const;
  [[nodiscard]] bool is_habitual(const Event& event, std::span<const float> row) const;

  const Model& model_;
  const TemplateOverlay& templates_;
  const FeatureExtractor& extractor_;
  const ThresholdOptions& options_;
  Explainer explainer_;
  std::array<OddColumn, 5> odd_columns_;    // features that make a habitual template worth a word
  MaskedMessage message_;                   // scratch
  std::vector<RenderedTemplate> rendered_;  // by id modulo their number
  State state_;
};

}  // namespace logdetect
