#include "loggen/catalog.h"

#include <array>

namespace logdetect::loggen {
namespace {

using enum Service;
constexpr Level kInfo = Level::kInfo;
constexpr Level kWarn = Level::kWarning;
constexpr Level kError = Level::kError;

constexpr std::array<Instance, 9> kInstances = {{{kGateway, "web-1"},
                                                 {kGateway, "web-2"},
                                                 {kAuth, "app-1"},
                                                 {kOrders, "app-1"},
                                                 {kOrders, "app-2"},
                                                 {kPayments, "pay-1"},
                                                 {kInventory, "app-2"},
                                                 {kInventory, "app-3"},
                                                 {kDb, "db-1"}}};

constexpr std::array<Message, kSayCount> kMessages = {{
    {Say::kLoginDone, kGateway, kInfo, "POST /api/login 200 in {0:ms} ms client={1:ip} req={req}"},
    {Say::kItemDone, kGateway, kInfo, "GET /api/items/{2} 200 in {0:ms} ms client={1:ip} req={req}"},
    {Say::kSearchDone, kGateway, kInfo, "GET /api/search?q={2:word} 200 in {0:ms} ms client={1:ip} req={req}"},
    {Say::kCartDone, kGateway, kInfo, "POST /api/cart 200 in {0:ms} ms client={1:ip} req={req}"},
    {Say::kOrderDone, kGateway, kInfo, "POST /api/orders 201 in {0:ms} ms client={1:ip} req={req}"},
    {Say::kOrderRefused, kGateway, kWarn, "POST /api/orders 402 in {0:ms} ms client={1:ip} req={req}"},
    {Say::kLogoutDone, kGateway, kInfo, "POST /api/logout 204 in {0:ms} ms client={1:ip} req={req}"},
    {Say::kItemNotFound, kGateway, kWarn, "GET /api/items/{2} 404 in {0:ms} ms client={1:ip} req={req}"},
    {Say::kAuthOk, kAuth, kInfo, "user {0:user} authenticated, session={session} req={req}"},
    {Say::kAuthFailed, kAuth, kWarn, "wrong password for user {0:user} from {1:ip}, attempt {2} of 5"},
    {Say::kSessionClosed, kAuth, kInfo, "session={session} closed after {0} s"},
    {Say::kStockHit, kInventory, kInfo, "cache hit for item {0}, {1} in stock req={req}"},
    {Say::kStockMiss, kInventory, kInfo, "cache miss for item {0}, asking db req={req}"},
    {Say::kSearchFound, kInventory, kInfo, "search for '{0:word}' found {1} items in {2:ms} ms"},
    {Say::kStockReserved, kInventory, kInfo, "reserved {1} of item {0} for order {2}"},
    {Say::kCartAdded, kOrders, kInfo, "item {0} put into cart of session={session}, now {1} items"},
    {Say::kOrderCreated, kOrders, kInfo, "order {0} created for user {1:user}: {2} items, {3:money} EUR req={req}"},
    {Say::kOrderConfirmed, kOrders, kInfo, "order {0} confirmed after {1:ms} ms req={req}"},
    {Say::kOrderCancelled, kOrders, kWarn, "order {0} cancelled: payment declined req={req}"},
    {Say::kLockRetry, kOrders, kWarn, "order {0} changed meanwhile, retry {1} of 3"},
    {Say::kPayCharge, kPayments, kInfo, "charging {1:money} EUR for order {0} to card {2:card} req={req}"},
    {Say::kPayCaptured, kPayments, kInfo, "payment {2:hex} captured for order {0}, provider took {1:ms} ms"},
    {Say::kPayDeclined, kPayments, kWarn, "card declined for order {0}, code {1}"},
    {Say::kPayTimeout, kPayments, kError, "provider timeout after {1} ms for order {0}, retry {2} of 3"},
    {Say::kDbQuery, kDb, kInfo, "query items_by_id took {0:ms} ms, {1} rows"},
    {Say::kDbCommit, kDb, kInfo, "transaction {0} committed in {1:ms} ms"},

    {Say::kBeatGateway, kGateway, kInfo, "heartbeat ok: up {0} s, {1} connections"},
    {Say::kBeatAuth, kAuth, kInfo, "heartbeat ok: up {0} s, {1} sessions"},
    {Say::kBeatOrders, kOrders, kInfo, "heartbeat ok: up {0} s, queue {1}"},
    {Say::kBeatPayments, kPayments, kInfo, "heartbeat ok: up {0} s, {1} pending"},
    {Say::kBeatInventory, kInventory, kInfo, "heartbeat ok: up {0} s, {1} items cached"},
    {Say::kBeatDb, kDb, kInfo, "heartbeat ok: up {0} s, {1} clients"},
    {Say::kCheckpoint, kDb, kInfo, "checkpoint complete: {0} buffers written in {1:ms} ms"},
    {Say::kSessionsPurged, kAuth, kInfo, "purged {0} expired sessions"},
    {Say::kCacheRefreshed, kInventory, kInfo, "cache refreshed: {0} items in {1:ms} ms"},
    {Say::kSettled, kPayments, kInfo, "settlement batch {0} sent: {1} payments, {2:money} EUR"},
    {Say::kBackupStarted, kDb, kInfo, "backup started to /var/backups/shop/{0}.dump"},
    {Say::kBackupDone, kDb, kInfo, "backup finished: {0} MB in {1} s"},
    {Say::kDailyReport, kOrders, kInfo, "daily report: {0} orders, {1:money} EUR"},

    {Say::kConsoleOpened, kAuth, kInfo, "admin {0:user} opened the console from {1:ip}"},
    {Say::kJobStarted, kOrders, kInfo, "admin {0:user} started job {1:job}"},
    {Say::kJobDone, kOrders, kInfo, "job {1:job} finished: {2} rows changed in {3} s"},

    {Say::kCertRenewed, kGateway, kInfo, "certificate for shop.example.com renewed, {0} days left"},
    {Say::kConfigReloaded, kGateway, kInfo, "configuration reloaded: {0} routes"},
    {Say::kRateLimited, kGateway, kWarn, "client {1:ip} slowed down: {0} requests in 10 s"},
    {Say::kAccountLocked, kAuth, kWarn, "account {0:user} locked for 15 min after 5 wrong passwords"},
    {Say::kResetMail, kAuth, kInfo, "password reset mail sent to {0:user}@example.com"},
    {Say::kGcPause, kOrders, kInfo, "GC pause {0:ms} ms, heap {1} MB"},
    {Say::kCouponUsed, kOrders, kInfo, "coupon {0:word}{1} applied to order {2}"},
    {Say::kRefund, kPayments, kInfo, "refunded {0:money} EUR for order {1}"},
    {Say::kProviderTrace, kPayments, kError, "provider status call failed, will ask again in {0} s",
     Trace::kJavaTimeout},
    {Say::kSupplierImport, kInventory, kInfo, "supplier feed {0:word}.csv imported: {1} rows"},
    {Say::kFeedBroken, kInventory, kError, "supplier feed {0:word}.csv: row {1} skipped", Trace::kPythonFeed},
    {Say::kStockLow, kInventory, kWarn, "stock of item {0} is low: {1} left"},
    {Say::kReplicaLag, kDb, kWarn, "replica db-2 lags {0} ms behind"},
    {Say::kVacuum, kDb, kInfo, "autovacuum of table {0:word}: {1} pages freed"},
    {Say::kSlowQuery, kDb, kWarn, "slow query orders_by_user: {0:ms} ms"},

    {Say::kReplicaDown, kDb, kError, "replica db-2 unreachable: connection refused, attempt {0}"},
    {Say::kPoolExhausted, kOrders, kError, "connection pool orders-rw exhausted: 0 of {0} free, {1} waiting",
     Trace::kJavaPool},
    {Say::kUpstreamFailed, kGateway, kError, "upstream orders failed with 503 after {0:ms} ms req={req}"},
    {Say::kKeyMissing, kAuth, kError, "signing key {0:hex} is not in the keyring, token refused", Trace::kPythonKey},
    {Say::kIntakePaused, kOrders, kError, "order intake paused: service token refused by auth ({0} in a row)"},
    {Say::kCertExpired, kPayments, Level::kFatal, "TLS handshake with acquirer-{0} failed: certificate has expired"},
    {Say::kChargeQueued, kOrders, kError, "charge for order {0} queued, no acquirer is reachable"},
    {Say::kDeployStarting, kOrders, kInfo, "starting orders {0:version}, build {1:hex}"},
    {Say::kSchemaMigrated, kOrders, kInfo, "schema migrated from revision {0} to {1} in {2:ms} ms"},
    {Say::kFlagEnabled, kOrders, kInfo, "feature {0:flag} switched on for {1}% of users"},
    {Say::kListening, kOrders, kInfo, "listening on 0.0.0.0:8080 after {0:ms} ms"},
    {Say::kBackendReplaced, kGateway, kInfo, "backend {0:host}:8080 drained and replaced"},
    {Say::kFraudScored, kOrders, kInfo, "fraud check v2 scored order {0} at {1} of 1000"},
}};

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < kMessages.size(); ++i) {
    if (static_cast<std::size_t>(kMessages[i].say) != i) {
      return false;
    }
  }
  return true;
}
static_assert(in_enum_order(), "the table must follow enum Say");

}  // namespace

std::string_view service_name(Service service) {
  constexpr std::array<std::string_view, 6> kNames = {"gateway", "auth", "orders", "payments", "inventory", "db"};
  return kNames.at(static_cast<std::size_t>(service));
}

std::span<const Instance> instances() {
  return kInstances;
}

std::uint8_t instance_for(Service service, std::uint64_t key) {
  constexpr std::array<std::uint8_t, 6> kFirst = {0, 2, 3, 5, 6, 8};
  constexpr std::array<std::uint8_t, 6> kCount = {2, 1, 2, 1, 2, 1};
  const auto i = static_cast<std::size_t>(service);
  return static_cast<std::uint8_t>(kFirst.at(i) + key % kCount.at(i));
}

std::string_view trace_text(Trace trace) {
  switch (trace) {
    case Trace::kNone:
      return {};
    case Trace::kJavaTimeout:
      return "java.net.SocketTimeoutException: Read timed out\n"
             "\tat java.base/java.net.Socket$SocketInputStream.read(Socket.java:982)\n"
             "\tat com.example.payments.ProviderClient.status(ProviderClient.java:118)\n"
             "\tat com.example.payments.StatusPoller.run(StatusPoller.java:41)";
    case Trace::kJavaPool:
      return "com.example.pool.PoolExhaustedException: no connection within 5000 ms\n"
             "\tat com.example.pool.ConnectionPool.borrow(ConnectionPool.java:204)\n"
             "\tat com.example.orders.OrderStore.save(OrderStore.java:77)\n"
             "Caused by: java.sql.SQLTransientConnectionException: connection refused: db-2:5432\n"
             "\t... 9 more";
    case Trace::kPythonFeed:
      return "Traceback (most recent call last):\n"
             "  File \"/srv/inventory/feeds.py\", line 88, in load\n"
             "    price = Decimal(row[3])\n"
             "decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]";
    case Trace::kPythonKey:
      return "Traceback (most recent call last):\n"
             "  File \"/srv/auth/tokens.py\", line 52, in verify\n"
             "    key = self.keyring[header.kid]\n"
             "KeyError: 'kid'";
  }
  return {};
}

const Message& message(Say say) {
  return kMessages.at(static_cast<std::size_t>(say));
}

}  // namespace logdetect::loggen
