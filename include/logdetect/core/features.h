#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/check.h"

namespace logdetect {

/// One column of the feature matrix.
struct FeatureInfo {
  std::string name;     ///< stable identifier, e.g. "burst_60s"
  std::string unit;     ///< "nats", "count", "share", "bytes", ...
  std::string meaning;  ///< one line for people
  /// Name of the reason it stands for, e.g. "burst" (reason.h); empty: the detector's own view.
  std::string reason = {};
};

/// The columns of every feature matrix a model was trained on.
struct FeatureSchema {
  std::vector<FeatureInfo> columns;
  [[nodiscard]] std::size_t size() const { return columns.size(); }
  /// Hash over names and units in order; a model refuses rows of another schema.
  [[nodiscard]] std::uint64_t hash() const;
  /// Index of the column, or -1.
  [[nodiscard]] int find(std::string_view name) const;
};

/// rows() x columns() float32, row-major, no NaN. One row per event.
class FeatureMatrix {
 public:
  FeatureMatrix() = default;
  FeatureMatrix(std::size_t rows, std::size_t columns) { resize(rows, columns); }

  /// Sets the shape. Values are unspecified afterwards; storage is kept when it suffices.
  void resize(std::size_t rows, std::size_t columns) {
    rows_ = rows;
    columns_ = columns;
    values_.resize(rows * columns);
  }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::span<float> row(std::size_t i) {
    LD_CHECK(i < rows_, "feature row out of range");
    return {values_.data() + i * columns_, columns_};
  }
  [[nodiscard]] std::span<const float> row(std::size_t i) const {
    LD_CHECK(i < rows_, "feature row out of range");
    return {values_.data() + i * columns_, columns_};
  }
  [[nodiscard]] std::span<const float> values() const { return values_; }

 private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<float> values_;
};

}  // namespace logdetect
