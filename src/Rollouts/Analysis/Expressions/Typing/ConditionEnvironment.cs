using System.Collections.Frozen;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Typing;

/// <summary>The names that Argo Rollouts gives a condition besides the language's own.</summary>
internal static class ConditionEnvironment
{
    public const string Result = "result";

    /// <summary>The name of the environment itself.</summary>
    public const string Self = "$env";

    public static readonly GoType AsInt = GoType.Func(GoSignature.Of(GoType.Int64, GoType.Any));
    public static readonly GoType AsFloat = GoType.Func(GoSignature.Of(GoType.Float64, GoType.Any));
    public static readonly GoType IsFloat = GoType.Func(GoSignature.Of(GoType.Bool, GoType.Float64));
    public static readonly GoType IsAny = GoType.Func(GoSignature.Of(GoType.Bool, GoType.Any));
    public static readonly GoType Default = GoType.Func(GoSignature.Of(GoType.Any, GoType.Any, GoType.Any));

    private static readonly FrozenDictionary<string, Nature> Functions = new Dictionary<string, Nature>
    {
        ["asInt"] = Nature.Of(AsInt),
        ["asFloat"] = Nature.Of(AsFloat),
        ["isNaN"] = Nature.Of(IsFloat),
        ["isInf"] = Nature.Of(IsFloat),
        ["isNil"] = Nature.Of(IsAny),
        ["default"] = Nature.Of(Default),
    }.ToFrozenDictionary();

    /// <summary>What is known of a name, where the result is of a certain type (null when it is nil).</summary>
    public static Nature? Find(string name, GoType? result) =>
        name == Result ? (result is null ? Nature.Nil : Nature.Of(result)) : Functions.GetValueOrDefault(name);
}
