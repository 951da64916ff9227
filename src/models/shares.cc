#include "models/shares.h"

#include <algorithm>

namespace logdetect {
namespace {

constexpr std::size_t kMaxContributions = 5;

}  // namespace

std::vector<Contribution> largest_shares(std::span<const double> credit, double least) {
  std::vector<Contribution> parts;
  for (std::size_t column = 0; column < credit.size(); ++column) {
    if (credit[column] > least) {
      parts.push_back({column, credit[column]});
    }
  }
  const std::size_t keep = std::min(parts.size(), kMaxContributions);
  std::partial_sort(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(keep), parts.end(),
                    [](const Contribution& a, const Contribution& b) {
                      return a.share != b.share ? a.share > b.share : a.column < b.column;
                    });
  parts.resize(keep);
  double sum = 0;
  for (const Contribution& part : parts) {
    sum += part.share;
  }
  for (Contribution& part : parts) {
    part.share /= sum;
  }
  return parts;
}

}  // namespace logdetect
