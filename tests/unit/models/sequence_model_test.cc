#include "models/sequence_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "logdetect/base/rng.h"
#include "logdetect/models/neural.h"
#include "models/neural_training.h"
#include "unit/models/reference_network.h"
#include "unit/models/sample.h"
#include "unit/models/torch_forward.h"

namespace logdetect {
namespace {

constexpr std::size_t kLength = 8;

// The newest event of each window, with the windows of one sequence that runs through templates 0, 1, 2, 3, 0, ...
struct Log {
  WindowBatch windows;
  FeatureMatrix rows;
  std::vector<Event> events;

  [[nodiscard]] ScoringInput input() const { return {{.events = events, .rows = rows, .windows = windows}}; }
};

Log cycle(std::size_t events, std::uint32_t odd_at = 0, std::uint32_t odd = 0) {
  Log log;
  log.windows.length = kLength;
  log.rows.resize(events, 5);
  log.events.resize(events);
  for (std::size_t i = 0; i < events; ++i) {
    std::fill(log.rows.row(i).begin(), log.rows.row(i).end(), 0.0F);
    for (std::size_t back = kLength; back-- > 0;) {
      const bool padding = back > i;
      const std::size_t at = padding ? 0 : i - back;
      const bool is_odd = odd_at > 0 && at >= odd_at && at < odd_at + 4;
      log.windows.templates.push_back(padding ? WindowBatch::kPadding
                                              : (is_odd ? odd : static_cast<std::uint32_t>(at % 4)));
      for (std::size_t f = 0; f < WindowBatch::kNumbers; ++f) {
        log.windows.values.push_back(padding ? 0.0F : static_cast<float>(at % 4 + f));
      }
    }
    log.windows.first.push_back(static_cast<std::uint32_t>(i));
    log.windows.events.push_back(static_cast<std::uint32_t>(i));
  }
  return log;
}

constexpr SequenceDesign kAutoencoder = {
    .numbers = WindowBatch::kNumbers,
    .has_latent = true,
    .sizes =
        [](const NeuralOptions& options) {
          return NetworkSizes{options.hidden, options.latent};
        },
    .layers = [](const NetworkSizes& sizes) { return autoencoder_layers(sizes.hidden, sizes.latent); }};
constexpr SequenceDesign kPredictor = {
    .sizes =
        [](const NeuralOptions& options) {
          return NetworkSizes{options.latent, 0};
        },
    .layers = [](const NetworkSizes& sizes) { return predictor_layers(sizes.hidden); }};

class SequenceModelTest : public ::testing::TestWithParam<const SequenceDesign*> {
 protected:
  void SetUp() override {
    if (const auto runtime = neural_runtime(); !runtime.ok()) {
      GTEST_SKIP() << "no LibTorch: " << runtime.error().message;
    }
  }

  static SequenceModel fitted(const SequenceDesign* design, std::uint64_t seed = 42) {
    const Log log = cycle(400);
    const FeatureSchema schema = sample_schema();
    DetectorOptions options;
    OptionValues& neural = options.of("neural");
    neural.set("sequence_length", std::int64_t{kLength});
    neural.set("epochs", std::int64_t{60});
    neural.set("batch", std::int64_t{32});
    neural.set("learning_rate", 0.01);
    neural.set("hidden", std::int64_t{24});
    neural.set("latent", std::int64_t{12});
    const TrainingSet training{
        .schema = schema, .log = log.input().log, .options = options, .seed = seed, .templates = 5};
    SequenceModel model(*design);
    const Result<void> done = model.fit("test", training);
    EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().message);
    return model;
  }
  static std::vector<float> scores(const SequenceModel& model, const Log& log) {
    std::vector<float> raw(log.events.size());
    model.score(log.input(), raw);
    return raw;
  }
};

TEST_P(SequenceModelTest, LearnsATinySetAndFlagsWhatBreaksIt) {
  const SequenceModel model = fitted(GetParam());
  ASSERT_FALSE(model.learning_curve().empty());
  EXPECT_LT(model.learning_curve().back().validation, model.learning_curve().front().validation / 2);
  const std::vector<float> normal = scores(model, cycle(100));
  const float most = *std::max_element(normal.begin() + kLength, normal.end());
  EXPECT_LT(most, 1.0F);
  // A run of one repeated event in the place of the cycle, known or never seen: "pool exhausted" all over again.
  for (const std::uint32_t odd : {3U, 5U, 900U}) {
    const std::vector<float> broken = scores(model, cycle(100, 50, odd));
    const float worst = *std::max_element(broken.begin() + 50, broken.begin() + 54);
    EXPECT_GT(worst, most + 1.5F) << odd;
  }
}

TEST_P(SequenceModelTest, SameSeedSameBytesAndTheyLoad) {
  const SequenceModel model = fitted(GetParam());
  ByteWriter first;
  model.save(first);
  ByteWriter second;
  fitted(GetParam()).save(second);
  const std::string bytes = first.take();
  EXPECT_EQ(bytes, second.take());
  SequenceModel back(*GetParam());
  ByteReader in(bytes, "test");
  ASSERT_TRUE(back.load(in).ok());
  ASSERT_TRUE(in.finish().ok());
  EXPECT_EQ(scores(model, cycle(60, 30, 7)), scores(back, cycle(60, 30, 7)));
  EXPECT_EQ(back.learning_curve().size(), model.learning_curve().size());
}

TEST_P(SequenceModelTest, TheKernelEqualsLibTorch) {
  const bool autoencoder = GetParam() == &kAutoencoder;
  for (const std::uint64_t seed : {1U, 2U}) {
    const NetworkSample sample =
        make_network(autoencoder ? autoencoder_shape(90) : next_event_shape(90), 33, seed, seed == 1 ? 0.1 : 0.4);
    const auto expected = forward_by_torch(sample.shape, sample.weights, sample.templates, sample.numeric);
    ASSERT_TRUE(expected.ok()) << expected.error().message;
    for (const LstmKernel* kernel : lstm_kernels()) {
      const auto network = SequenceNetwork::create(sample.shape, sample.weights, *kernel);
      ASSERT_TRUE(network.ok());
      const std::vector<std::uint32_t> fresh(33, 20);
      std::vector<float> errors(expected->size());
      network->errors(sample.templates, sample.numeric, fresh, errors);
      for (std::size_t i = 0; i < errors.size(); ++i) {
        const auto theirs = static_cast<double>((*expected)[i]);
        EXPECT_NEAR(static_cast<double>(errors[i]), theirs, 1e-5 * (1 + theirs)) << kernel->name;
      }
    }
  }
}

TEST_P(SequenceModelTest, RepeatsAndOrderOfWindowsChangeNothing) {
  const SequenceModel model = fitted(GetParam());
  const Log log = cycle(120, 60, 2);
  const std::vector<float> together = scores(model, log);
  for (const std::size_t i : {std::size_t{0}, std::size_t{33}, std::size_t{61}, std::size_t{119}}) {
    Log one;
    one.windows.length = kLength;
    one.rows.resize(1, 5);
    one.events.resize(1);
    const auto begin = static_cast<std::ptrdiff_t>(i * kLength);
    const auto end = static_cast<std::ptrdiff_t>((i + 1) * kLength);
    constexpr auto kNumbers = static_cast<std::ptrdiff_t>(WindowBatch::kNumbers);
    one.windows.templates.assign(log.windows.templates.begin() + begin, log.windows.templates.begin() + end);
    one.windows.values.assign(log.windows.values.begin() + begin * kNumbers,
                              log.windows.values.begin() + end * kNumbers);
    one.windows.first = {0};
    one.windows.events = {0};
    EXPECT_EQ(scores(model, one).front(), together[i]);
  }
}

TEST_P(SequenceModelTest, DamageIsRefused) {
  const SequenceModel model = fitted(GetParam());
  ByteWriter out;
  model.save(out);
  const std::string bytes = out.take();
  const auto loads = [](std::string_view text) {
    SequenceModel back(*GetParam());
    ByteReader in(text, "test");
    return back.load(in).ok() && in.finish().ok();
  };
  ASSERT_TRUE(loads(bytes));
  for (std::size_t cut = 0; cut < bytes.size(); cut += 1 + bytes.size() / 97) {
    EXPECT_FALSE(loads(std::string_view(bytes).substr(0, cut)));
  }
  std::string broken = bytes;
  broken.replace(broken.size() - 4, 4, std::string("\x00\x00\xc0\x7f", 4));  // NaN as the last weight
  EXPECT_FALSE(loads(broken));
  for (std::size_t field = 0; field < 6; ++field) {  // vocabulary .. length
    broken = bytes;
    broken[field * 4] = static_cast<char>(broken[field * 4] + 1);
    EXPECT_FALSE(loads(broken) && field != 5) << field;  // the length alone moves no weight
  }
}

TEST_P(SequenceModelTest, ThePredictorExpectsWhatComesNext) {
  const SequenceModel model = fitted(&kPredictor);
  const std::vector<TemplateId> previous = {TemplateId(0), TemplateId(1), TemplateId(2), TemplateId(3), TemplateId(0)};
  const std::vector<TemplateId> expected = model.expected_after(previous, 2);
  ASSERT_EQ(expected.size(), 2U);
  EXPECT_EQ(expected.front(), TemplateId(1));
}

INSTANTIATE_TEST_SUITE_P(Kinds, SequenceModelTest, ::testing::Values(&kAutoencoder, &kPredictor),
                         [](const auto& tested) { return tested.param->has_latent ? "Autoencoder" : "NextEvent"; });

}  // namespace
}  // namespace logdetect
