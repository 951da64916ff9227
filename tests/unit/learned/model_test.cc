#include "logdetect/learned/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "logdetect/bundle/bytes.h"
#include "logdetect/models/calibration.h"

namespace logdetect {
namespace {

// A model of which only the configuration and the list of detectors are there.
Bundle begun_model(const std::string& detector, const std::string& config) {
  ByteWriter yaml;
  yaml.str(config);
  ByteWriter ensemble;
  ensemble.u64(0);  // hash of the schema
  ensemble.f64(0);
  ensemble.f64(1);  // threshold
  ensemble.u64(1);
  ensemble.str(detector);
  ensemble.f64(1);   // weight
  ensemble.f64(10);  // cap
  Calibration().save(ensemble);
  Bundle bundle;
  bundle.add({"config", 1, yaml.take()});
  bundle.add({"ensemble", 1, ensemble.take()});
  return bundle;
}

// The configuration names the detector too, and refused it first, in words about the configuration.
TEST(ReadModel, SaysWhichDetectorItLacks) {
  const auto read = read_model(begun_model("oracle", "ensemble:\n  detectors: [novelty, oracle]\n"));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kModel);
  EXPECT_EQ(read.error().message, "this program lacks a detector that the model uses: 'oracle'");
  EXPECT_THAT(read.error().hint, ::testing::HasSubstr("update logdetect"));
}

TEST(ReadModel, GoesOnWithDetectorsItKnows) {
  const auto read = read_model(begun_model("novelty", "ensemble:\n  detectors: [novelty]\n"));
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, ::testing::HasSubstr("facts"));
}

}  // namespace
}  // namespace logdetect
