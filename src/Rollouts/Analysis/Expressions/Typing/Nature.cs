using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Typing;

/// <summary>What is known of a value before the evaluation.</summary>
/// <param name="Type">The type; null when nothing is known, or when the value is nil.</param>
/// <param name="Element">What is known of the elements where it is more than the type says.</param>
/// <param name="IsNil">The value is nil.</param>
internal sealed record Nature(GoType? Type, Nature? Element = null, bool IsNil = false)
{
    public static readonly Nature Unknown = new((GoType?)null);
    public static readonly Nature Nil = new(null, IsNil: true);
    public static readonly Nature Any = new(GoType.Any);
    public static readonly Nature Bool = new(GoType.Bool);
    public static readonly Nature Int = new(GoType.Int);
    public static readonly Nature Float = new(GoType.Float64);
    public static readonly Nature String = new(GoType.String);
    public static readonly Nature Array = new(GoType.Anys);
    public static readonly Nature Map = new(GoType.StringMap);
    public static readonly Nature Time = new(GoType.Time);
    public static readonly Nature Duration = new(GoType.Duration);

    /// <summary>Nothing can be said before the evaluation; unlike nil, which is known.</summary>
    public bool IsUnknown => Type is null ? !IsNil : Type.Kind == GoKind.Interface;

    public bool IsInteger => Type is { IsInteger: true };

    public bool IsFloat => Type is { IsFloat: true };

    public bool IsNumber => Type is { IsNumber: true };

    public bool IsBool => Type == GoType.Bool;

    public bool IsString => Type == GoType.String;

    public bool IsTime => Type == GoType.Time;

    public bool IsDuration => Type == GoType.Duration;

    public bool IsArray => Type is { IsArray: true };

    public bool IsMap => Type is { Kind: GoKind.Map };

    /// <summary>The kind that expr-lang compares; nothing known and nil have none.</summary>
    public GoKind? Kind => Type?.Kind;

    public static Nature Of(GoType type) => new(type);

    /// <summary>An array whose elements are known.</summary>
    public static Nature ArrayOf(Nature element) => new(GoType.Anys, element);

    public Nature ElementNature() => Element ?? (Type?.Element is { } element ? Of(element) : Unknown);

    public bool IsAssignableTo(Nature target)
    {
        if (IsNil && target.Type is { TakesNil: true })
        {
            return true;
        }

        return Type is not null && target.Type is not null && Type.IsAssignableTo(target.Type);
    }

    public bool IsComparableTo(Nature other) =>
        IsUnknown || other.IsUnknown
        || IsNil || other.IsNil
        || (IsNumber && other.IsNumber)
        || (IsDuration && other.IsDuration)
        || (IsTime && other.IsTime)
        || (IsArray && other.IsArray)
        || IsAssignableTo(other);

    public override string ToString() => Type?.Name ?? "unknown";
}
