using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Embedded.State;

/// <summary>
/// What stands in the blobs: UTF-8 JSON in the one form of the domain. A state is written without its release, which never changes, is the larger part,
/// and would otherwise be rewritten by every turn.
/// </summary>
internal static class StoredJson
{
    private static readonly JsonTypeInfo<Rollout> State = (JsonTypeInfo<Rollout>)new JsonSerializerOptions(RolloutJson.Default.Options)
    {
        TypeInfoResolver = RolloutJson.Default.WithAddedModifier(WithoutRelease),
    }.GetTypeInfo(typeof(Rollout));

    public static byte[] Write(Rollout rollout) => JsonSerializer.SerializeToUtf8Bytes(rollout, State);

    public static byte[] Write(Release release) => JsonSerializer.SerializeToUtf8Bytes(release, RolloutJson.Default.Release);

    public static byte[] Write(JournalEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, RolloutJson.Default.JournalEntry);

    public static byte[] Write(Decision decision) => JsonSerializer.SerializeToUtf8Bytes(decision, RolloutJson.Default.Decision);

    public static byte[] Write(LedgerRow row) => JsonSerializer.SerializeToUtf8Bytes(row, RolloutJson.Default.LedgerRow);

    public static byte[] Write(Judgement judgement) => JsonSerializer.SerializeToUtf8Bytes(judgement, RolloutJson.Default.Judgement);

    /// <summary>Null for none.</summary>
    public static byte[]? Write(IReadOnlyList<Effect> effects) =>
        effects.Count == 0 ? null : JsonSerializer.SerializeToUtf8Bytes(effects, RolloutJson.Default.IReadOnlyListEffect);

    /// <summary>Null for none.</summary>
    public static byte[]? Write(IReadOnlyList<Observation> observations) =>
        observations.Count == 0 ? null : JsonSerializer.SerializeToUtf8Bytes(observations, RolloutJson.Default.IReadOnlyListObservation);

    public static Rollout ReadRollout(byte[] state, byte[] release) =>
        Read(state, State) with { Release = Read(release, RolloutJson.Default.Release) };

    public static JournalEntry ReadEntry(byte[] json) => Read(json, RolloutJson.Default.JournalEntry);

    public static Decision ReadDecision(byte[] json) => Read(json, RolloutJson.Default.Decision);

    public static LedgerEntry ReadLedger(byte[] row, byte[]? judgement) =>
        new(Read(row, RolloutJson.Default.LedgerRow), judgement is null ? null : Read(judgement, RolloutJson.Default.Judgement));

    public static IReadOnlyList<Effect> ReadEffects(byte[]? json) => json is null ? [] : Read(json, RolloutJson.Default.IReadOnlyListEffect);

    public static IReadOnlyList<Observation> ReadObservations(byte[]? json) =>
        json is null ? [] : Read(json, RolloutJson.Default.IReadOnlyListObservation);

    private static T Read<T>(byte[] json, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException($"a stored {typeof(T).Name} is null");

    private static void WithoutRelease(JsonTypeInfo type)
    {
        if (type.Type != typeof(Rollout))
        {
            return;
        }

        JsonPropertyInfo release = type.Properties.Single(p => p.PropertyType == typeof(Release));
        release.IsRequired = false;
        release.ShouldSerialize = static (_, _) => false;
    }
}
