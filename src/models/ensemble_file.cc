#include <algorithm>
#include <string>

#include "logdetect/base/text.h"
#include "logdetect/models/ensemble.h"

// The ensemble's sections of a model file; docs/model-format.md describes them.

namespace logdetect {
namespace {

constexpr std::uint32_t kEnsembleVersion = 1;
constexpr std::uint32_t kDetectorVersion = 1;
constexpr std::size_t kMaxMembers = 64;
constexpr double kLargest = 1e6;  // bound of weights, caps and thresholds

std::string section_of(const std::string& detector) {
  return "detector." + detector;
}

}  // namespace

void Ensemble::save(Bundle& bundle) const {
  ByteWriter out;
  out.u64(schema_hash_);
  out.f64(quantile_threshold_);
  out.f64(threshold_);
  out.u64(members_.size());
  for (const Member& member : members_) {
    out.str(member.name);
    out.f64(member.weight);
    out.f64(member.cap);
    member.calibration.save(out);
  }
  bundle.add({"ensemble", kEnsembleVersion, out.take()});
  for (const Member& member : members_) {
    ByteWriter body;
    member.detector->save(body);
    bundle.add({section_of(member.name), kDetectorVersion, body.take()});
  }
}

// Thresholds, and the members without their detectors.
Result<Ensemble> Ensemble::load_members(const Bundle& bundle) {
  LD_ASSIGN(const Section* section, bundle.require("ensemble", kEnsembleVersion));
  ByteReader in(section->bytes, "section 'ensemble'");
  Ensemble ensemble;
  ensemble.schema_hash_ = in.u64();
  ensemble.quantile_threshold_ = in.f64();
  ensemble.threshold_ = in.f64();
  if (!(ensemble.threshold_ > 0 && ensemble.threshold_ <= kLargest && ensemble.quantile_threshold_ >= 0)) {
    in.fail("the threshold is out of range");
  }
  const std::size_t members = in.count(4 + 8 + 8, kMaxMembers);
  for (std::size_t i = 0; in.ok() && i < members; ++i) {
    Member member;
    member.name = in.str();
    member.weight = in.f64();
    member.cap = in.f64();
    if (!(member.weight >= 0 && member.weight <= kLargest && member.cap >= 0 && member.cap <= kLargest)) {
      in.fail("a detector's weight or cap is out of range");
    }
    for (const Member& other : ensemble.members_) {
      if (other.name == member.name) {
        in.fail("a detector appears twice");
      }
    }
    LD_ASSIGN(member.calibration, Calibration::load(in));
    ensemble.members_.push_back(std::move(member));
  }
  LD_TRY(in.finish());
  if (ensemble.members_.empty()) {
    return make_error(ErrorCode::kModel, "the model has no detectors", {}, "train it again: logdetect train");
  }
  return ensemble;
}

Result<void> Ensemble::check_detectors(const Bundle& bundle) {
  LD_ASSIGN(const Ensemble ensemble, load_members(bundle));
  for (const Member& member : ensemble.members_) {
    if (find_detector(member.name) == nullptr) {
      return make_error(ErrorCode::kModel,
                        "this program lacks a detector that the model uses: '" + escape_for_terminal(member.name) + "'",
                        {}, "update logdetect, or train the model again with this version");
    }
  }
  return {};
}

Result<Ensemble> Ensemble::load(const Bundle& bundle, const FeatureSchema& schema) {
  LD_TRY(check_detectors(bundle));
  LD_ASSIGN(Ensemble ensemble, load_members(bundle));
  if (ensemble.schema_hash_ != schema.hash()) {
    return make_error(ErrorCode::kModel, "the model was trained on other feature columns than this program computes",
                      {}, "train it again with this version: logdetect train");
  }
  std::size_t windows = 0;
  for (Member& member : ensemble.members_) {
    LD_ASSIGN(const Section* body, bundle.require(section_of(member.name), kDetectorVersion));
    ByteReader reader(body->bytes, "section '" + body->name + "'");
    member.entry = find_detector(member.name);
    member.detector = member.entry->make();
    LD_TRY(member.detector->load(reader, schema));
    LD_TRY(reader.finish());
    const std::size_t length = member.detector->window_length();
    if (length != 0 && windows != 0 && length != windows) {
      return make_error(ErrorCode::kModel, "two detectors of the model need windows of different lengths",
                        "section '" + body->name + "'");
    }
    windows = std::max(windows, length);
  }
  return ensemble;
}

}  // namespace logdetect
