#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "logdetect/core/event.h"

namespace logdetect::loggen {

enum class Service : std::uint8_t { kGateway, kAuth, kOrders, kPayments, kInventory, kDb };
[[nodiscard]] std::string_view service_name(Service service);

/// One running process: a service on a host.
struct Instance {
  Service service;
  std::string_view host;
};
/// All of them, those of one service together.
[[nodiscard]] std::span<const Instance> instances();
/// The one of `service` that handles work item `key`.
[[nodiscard]] std::uint8_t instance_for(Service service, std::uint64_t key);

/// Lines that follow an error, as its runtime prints them.
enum class Trace : std::uint8_t { kNone, kJavaTimeout, kJavaPool, kPythonFeed, kPythonKey };
[[nodiscard]] std::string_view trace_text(Trace trace);  ///< lines joined by '\n', none at the end

/// Everything a service can say. The order is that of the table in catalog.cc.
enum class Say : std::uint8_t {
  kLoginDone,
  kItemDone,
  kSearchDone,
  kCartDone,
  kOrderDone,
  kOrderRefused,
  kLogoutDone,
  kItemNotFound,
  kAuthOk,
  kAuthFailed,
  kSessionClosed,
  kStockHit,
  kStockMiss,
  kSearchFound,
  kStockReserved,
  kCartAdded,
  kOrderCreated,
  kOrderConfirmed,
  kOrderCancelled,
  kLockRetry,
  kPayCharge,
  kPayCaptured,
  kPayDeclined,
  kPayTimeout,
  kDbQuery,
  kDbCommit,
  // Clockwork
  kBeatGateway,
  kBeatAuth,
  kBeatOrders,
  kBeatPayments,
  kBeatInventory,
  kBeatDb,
  kCheckpoint,
  kSessionsPurged,
  kCacheRefreshed,
  kSettled,
  kBackupStarted,
  kBackupDone,
  kDailyReport,
  // Office hours
  kConsoleOpened,
  kJobStarted,
  kJobDone,
  // Seldom, but normal
  kCertRenewed,
  kConfigReloaded,
  kRateLimited,
  kAccountLocked,
  kResetMail,
  kGcPause,
  kCouponUsed,
  kRefund,
  kProviderTrace,
  kSupplierImport,
  kFeedBroken,
  kStockLow,
  kReplicaLag,
  kVacuum,
  kSlowQuery,
  // Incidents only
  kReplicaDown,
  kPoolExhausted,
  kUpstreamFailed,
  kKeyMissing,
  kIntakePaused,
  kCertExpired,
  kChargeQueued,
  kDeployStarting,
  kSchemaMigrated,
  kFlagEnabled,
  kListening,
  kBackendReplaced,
  kFraudScored,
};
inline constexpr std::size_t kSayCount = static_cast<std::size_t>(Say::kFraudScored) + 1;

/// One kind of line. `text` holds places `{i}` or `{i:form}` for value i of the line, `{req}` and `{session}`.
/// Forms: hex, ip, money (from cents), ms (from microseconds), user, word, host, job, card, version, flag.
struct Message {
  Say say;
  Service service;
  Level level;
  std::string_view text;
  Trace trace = Trace::kNone;
};
[[nodiscard]] const Message& message(Say say);

}  // namespace logdetect::loggen
