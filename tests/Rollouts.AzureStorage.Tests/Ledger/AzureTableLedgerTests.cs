using Rollouts.AzureStorage.Ledger;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Contracts;
using Rollouts.Ledger;

namespace Rollouts.AzureStorage.Tests.Ledger;

public sealed class AzureTableLedgerTests(AzuriteServer azurite) : LedgerContract
{
    protected override IRolloutLedger Ledger { get; } = new AzureTableLedger(azurite.Tables, TimeProvider.System);
}
