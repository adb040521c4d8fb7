using System.Collections.Immutable;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>The kinds of Go's types, as far as a condition can come upon them.</summary>
internal enum GoKind
{
    Bool,
    Int,
    Int64,
    Uint8,
    Float64,
    String,
    Slice,
    Array,
    Map,
    Struct,
    Pointer,
    Func,
    Interface,
}

/// <summary>
/// A type of Go's: the language is Go's with another syntax, and its type rules and messages name Go's types. Types are
/// compared by reference, functions by their signature.
/// </summary>
internal sealed class GoType
{
    public static readonly GoType Any = new("interface {}", GoKind.Interface);
    public static readonly GoType Bool = new("bool", GoKind.Bool);
    public static readonly GoType Int = new("int", GoKind.Int);
    public static readonly GoType Int64 = new("int64", GoKind.Int64);
    public static readonly GoType Uint8 = new("uint8", GoKind.Uint8);
    public static readonly GoType Float64 = new("float64", GoKind.Float64);
    public static readonly GoType String = new("string", GoKind.String);

    public static readonly GoType Anys = Slice(Any);
    public static readonly GoType Ints = Slice(Int);
    public static readonly GoType Floats = Slice(Float64);
    public static readonly GoType Strings = Slice(String);
    public static readonly GoType Bytes = Slice(Uint8);
    public static readonly GoType Pair = new("[2]interface {}", GoKind.Array, element: Any);
    public static readonly GoType Pairs = Slice(Pair);

    public static readonly GoType StringMap = Map(String, Any);
    public static readonly GoType AnyMap = Map(Any, Any);
    public static readonly GoType GroupMap = Map(Any, Anys);
    public static readonly GoType Empty = new("struct {}", GoKind.Struct);
    public static readonly GoType IntSet = Map(Int, Empty);
    public static readonly GoType StringSet = Map(String, Empty);

    public static readonly GoType Time = new("time.Time", GoKind.Struct, isNamed: true);
    public static readonly GoType Duration = new("time.Duration", GoKind.Int64, isNamed: true);
    public static readonly GoType Month = new("time.Month", GoKind.Int, isNamed: true);
    public static readonly GoType Weekday = new("time.Weekday", GoKind.Int, isNamed: true);
    public static readonly GoType Location = new("*time.Location", GoKind.Pointer);

    private GoType(
        string name,
        GoKind kind,
        GoType? key = null,
        GoType? element = null,
        bool isNamed = false,
        GoSignature? signature = null)
    {
        Name = name;
        Kind = kind;
        Key = key;
        Element = element;
        IsNamed = isNamed;
        Signature = signature;
    }

    public string Name { get; }

    public GoKind Kind { get; }

    /// <summary>The type of a map's keys.</summary>
    public GoType? Key { get; }

    /// <summary>The type of the elements of a slice, an array or a map.</summary>
    public GoType? Element { get; }

    /// <summary>Declared by a package, and so no plain number although its kind is one.</summary>
    public bool IsNamed { get; }

    public GoSignature? Signature { get; }

    public bool IsInteger => this == Int || this == Int64 || this == Uint8;

    public bool IsFloat => this == Float64;

    public bool IsNumber => IsInteger || IsFloat;

    public bool IsArray => Kind is GoKind.Slice or GoKind.Array;

    /// <summary>Nil is a value of it.</summary>
    public bool TakesNil => Kind is GoKind.Pointer or GoKind.Interface or GoKind.Func or GoKind.Map or GoKind.Slice;

    public static GoType Func(GoSignature signature) => new(signature.ToString(), GoKind.Func, signature: signature);

    public bool IsAssignableTo(GoType target) =>
        target == this
        || target.Kind == GoKind.Interface
        || (Kind == GoKind.Func && target.Kind == GoKind.Func && Name == target.Name);

    public override string ToString() => Name;

    private static GoType Slice(GoType element) => new("[]" + element.Name, GoKind.Slice, element: element);

    private static GoType Map(GoType key, GoType element) => new($"map[{key}]{element}", GoKind.Map, key, element);
}

/// <summary>What a function takes and gives; the last input of a variadic one is the slice of the rest.</summary>
internal sealed record GoSignature(ImmutableArray<GoType> Inputs, ImmutableArray<GoType> Outputs, bool IsVariadic = false)
{
    public static GoSignature Of(GoType output, params ImmutableArray<GoType> inputs) => new(inputs, [output]);

    public override string ToString()
    {
        var inputs = Inputs.Select((input, i) =>
            IsVariadic && i == Inputs.Length - 1 ? "..." + input.Element!.Name : input.Name);
        var outputs = Outputs.Length == 1 ? Outputs[0].Name : $"({string.Join(", ", Outputs)})";
        return $"func({string.Join(", ", inputs)}) {outputs}";
    }
}
