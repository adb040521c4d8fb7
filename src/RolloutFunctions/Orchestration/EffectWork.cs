using System.Text.Json.Serialization;
using Rollouts.Journal;
using Rollouts.Machine;

namespace RolloutFunctions.Orchestration;

/// <summary>The input of an activity that performs an effect.</summary>
/// <param name="RolloutId">Whose effect.</param>
/// <param name="Effect">What to do.</param>
/// <param name="LastDecision">The last decision read; a later one breaks an interruptible effect off.</param>
public sealed record EffectWork(
    string RolloutId, [property: JsonConverter(typeof(RolloutJsonConverter<Effect>))] Effect Effect, long LastDecision);

/// <summary>What came of it.</summary>
/// <param name="Observation">Null when the effect was broken off; the next turn lists it again if it is still wanted.</param>
public sealed record EffectOutcome([property: JsonConverter(typeof(RolloutJsonConverter<Observation>))] Observation? Observation);

/// <summary>The input of the activity that reads the journal.</summary>
public sealed record DecisionsAfter(string RolloutId, long Sequence);

/// <summary>Decisions, oldest first.</summary>
/// <param name="Decisions">At most <see cref="EffectActivities.MostDecisions"/>.</param>
/// <param name="HasMore">Whether there are more.</param>
public sealed record DecisionPage(IReadOnlyList<SequencedDecision> Decisions, bool HasMore);
