using System.Text.Json;
using System.Text.Json.Serialization;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Manifests;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>
/// The one JSON form of what crosses a durable or a wire boundary: camel case, enums as texts, nulls left out. Unknown members are ignored when a
/// stored state is read (a newer build may have written them) and refused by name in requests. A member that an older build has not written is read as
/// null, false or 0, whatever its initializer says; one that must not be so takes care of that in its <c>init</c>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Rollout))]
[JsonSerializable(typeof(Turn))]
[JsonSerializable(typeof(Effect))]
[JsonSerializable(typeof(Observation))]
[JsonSerializable(typeof(IReadOnlyList<Observation>))]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(SequencedDecision))]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(IReadOnlyList<JournalEntry>))]
[JsonSerializable(typeof(JournalRecord))]
[JsonSerializable(typeof(IReadOnlyList<JournalRecord>))]
[JsonSerializable(typeof(RolloutStatus))]
[JsonSerializable(typeof(IReadOnlyList<RolloutStatus>))]
[JsonSerializable(typeof(LedgerRow))]
[JsonSerializable(typeof(Judgement))]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(LedgerReport))]
[JsonSerializable(typeof(IReadOnlyList<FormerVersion>))]
[JsonSerializable(typeof(ManifestProblem))]
[JsonSerializable(typeof(IReadOnlyList<ManifestProblem>))]
public sealed partial class RolloutJson : JsonSerializerContext;
