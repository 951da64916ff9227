#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/windows.h"
#include "logdetect/models/detector.h"
#include "models/neural_options.h"
#include "models/sequence_network.h"
#include "models/window_cache.h"

namespace logdetect {

/// The two sizes of a network that a model file keeps.
struct NetworkSizes {
  int hidden = 0;
  int latent = 0;  ///< 0: the network has no inner layers
};

/// Which network a detector is.
struct SequenceDesign {
  std::size_t numbers = 0;  ///< F: numbers of an event that it reads beside its template
  bool has_latent = false;
  NetworkSizes (*sizes)(const NeuralOptions& options) = nullptr;
  std::vector<NetworkLayer> (*layers)(const NetworkSizes& sizes) = nullptr;
};

/// A sequence network together with what turns windows into its inputs: a vocabulary and the scale of the numbers.
/// What the two sequence detectors have in common. Const calls are thread-safe after fit() or load().
///
/// The vocabulary holds the templates most frequent in the training windows, at most kMaxKept; one index stands for the
/// other known templates, one for the padding before a sequence, the last for templates that training did not see.
/// Numbers are standardised by mean and deviation of training, clamped to +-4 and rounded to eighths, so that windows
/// which differ by less are the same window.
class SequenceModel {
 public:
  static constexpr std::size_t kMaxKept = 509;  ///< with the three others 8 groups of the kernel

  explicit SequenceModel(const SequenceDesign& design) : design_(design) {}

  /// Trains the network with LibTorch. `name` is the detector's. Errors: kUsage without LibTorch or without windows.
  Result<void> fit(std::string_view name, const TrainingSet& training);
  /// raw[i] = error of event i. A window that occurs several times in the batch, or did lately, is computed once.
  void score(const ScoringInput& input, std::span<float> raw) const;
  /// Templates most probable after these, if the network predicts. Cost: one window.
  [[nodiscard]] std::vector<TemplateId> expected_after(std::span<const TemplateId> previous, std::size_t limit) const;

  [[nodiscard]] std::size_t window_length() const { return static_cast<std::size_t>(network_.shape().length); }
  [[nodiscard]] std::span<const EpochLoss> learning_curve() const { return curve_; }
  void save(ByteWriter& out) const;
  /// Errors: kModel.
  Result<void> load(ByteReader& in);

 private:
  /// Windows as the network reads them, each content once.
  struct Encoded {
    std::vector<std::int32_t> templates;  ///< [windows x L]
    std::vector<float> numbers;           ///< [windows x L x F]
  };
  [[nodiscard]] NetworkShape shape_of(int embedding, int length) const;
  [[nodiscard]] std::int32_t other_index() const { return static_cast<std::int32_t>(kept_.size()); }
  [[nodiscard]] std::int32_t padding_index() const { return other_index() + 1; }
  [[nodiscard]] std::int32_t unseen_index() const { return other_index() + 2; }
  [[nodiscard]] std::int32_t index_of(std::uint32_t template_id) const;
  void learn_vocabulary(const WindowBatch& windows, std::size_t templates);
  void learn_scale(const WindowBatch& windows);
  void index_vocabulary();
  void encode(const WindowBatch& windows, std::size_t w, Encoded& out) const;

  /// The distinct windows of a batch.
  struct Distinct {
    Encoded encoded;
    std::vector<Hash128> content;      ///< [distinct]
    std::vector<std::uint32_t> fresh;  ///< [distinct]: most positions any of its occurrences needs
    std::vector<std::uint32_t> same;   ///< [windows]: the distinct window it equals; kSkipped: no event of it is wanted
  };
  static constexpr std::uint32_t kSkipped = 0xFFFFFFFF;
  [[nodiscard]] Distinct distinct_windows(const WindowBatch& windows, std::span<const std::uint8_t> wanted) const;
  /// errors[d] of the last fresh[d] positions, one after the other; `end` says where each ends.
  void distinct_errors(Distinct& distinct, std::span<const std::size_t> end, const ParallelFor& parallel,
                       std::span<float> errors) const;

  SequenceDesign design_;
  NetworkSizes sizes_;
  std::vector<std::uint32_t> kept_;  ///< template ids by index
  std::size_t templates_ = 0;        ///< known templates: ids below
  std::vector<std::int32_t> index_;  ///< [templates_]
  std::array<float, WindowBatch::kNumbers> mean_{};
  std::array<float, WindowBatch::kNumbers> precision_{};  ///< 1 / deviation
  SequenceNetwork network_;
  std::vector<EpochLoss> curve_;
  std::unique_ptr<WindowCache> cache_;  ///< of this network's scores
};

}  // namespace logdetect
