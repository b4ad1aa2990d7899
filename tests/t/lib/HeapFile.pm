# Reads and changes a table's file behind the server's back: pages, line
# pointers, tuples, columns. Little-endian, 8 kB pages, without TOAST.
package HeapFile;

use strict;
use warnings;

use constant { PAGE => 8192, PAGE_HEADER => 24, LINE_POINTER => 4 };

my %alignment = (c => 1, s => 2, i => 4, d => 8);

# columns: [ [name, attlen, attalign], ... ] in the order of attnum.
sub new
{
	my ($class, $path, $columns) = @_;
	open(my $file, '<:raw', $path) or die "$path: $!";
	local $/;
	return bless { path => $path, bytes => <$file>, columns => $columns }, $class;
}

sub save
{
	my ($self) = @_;
	open(my $file, '>:raw', $self->{path}) or die "$self->{path}: $!";
	print $file $self->{bytes};
	close($file) or die "$self->{path}: $!";
	return;
}

sub pages
{
	my ($self) = @_;
	return length($self->{bytes}) / PAGE;
}

sub get
{
	my ($self, $at, $length) = @_;
	return substr($self->{bytes}, $at, $length);
}

sub put
{
	my ($self, $at, $bytes) = @_;
	substr($self->{bytes}, $at, length $bytes) = $bytes;
	return;
}

# Exclusive or with one byte of the file.
sub flip
{
	my ($self, $at, $mask) = @_;
	$self->put($at, chr(ord($self->get($at, 1)) ^ $mask));
	return;
}

# Where the line pointer of ctid "(block,offset)" is, and what it says.
sub line_pointer
{
	my ($self, $ctid) = @_;
	my ($block, $offset) = $ctid =~ /(\d+),(\d+)/ or die "not a ctid: $ctid";
	my $at = $block * PAGE + PAGE_HEADER + ($offset - 1) * LINE_POINTER;
	my $word = unpack('V', $self->get($at, 4));
	return {
		at => $at,
		tuple => $block * PAGE + ($word & 0x7fff),
		flags => ($word >> 15) & 3,
		length => $word >> 17
	};
}

# Where a tuple's user data begins and how long it is.
sub data
{
	my ($self, $ctid) = @_;
	my $pointer = $self->line_pointer($ctid);
	die "$ctid is no normal tuple" unless $pointer->{flags} == 1;
	my $header = ord($self->get($pointer->{tuple} + 22, 1));    # t_hoff
	return ($pointer->{tuple} + $header, $pointer->{length} - $header);
}

# Where a row's columns are: { name => { at, length, header } }, without NULLs.
# header is the length of a varlena's header, 0 for other types.
sub columns
{
	my ($self, $ctid) = @_;
	my $tuple = $self->line_pointer($ctid)->{tuple};
	my ($start) = $self->data($ctid);
	my $natts = unpack('v', $self->get($tuple + 18, 2)) & 0x07ff;
	my $has_nulls = unpack('v', $self->get($tuple + 20, 2)) & 1;
	my $nulls = $has_nulls ? unpack('b*', $self->get($tuple + 23, int(($natts + 7) / 8))) : '1' x $natts;

	my %found;
	my $at = $start;
	for my $i (0 .. $natts - 1)
	{
		next if substr($nulls, $i, 1) eq '0';
		my ($name, $length, $align) = @{ $self->{columns}[$i] };
		my $header = 0;
		# A varlena with a one-byte header is not aligned; padding is zero.
		unless ($length == -1 && ord($self->get($at, 1)) != 0)
		{
			my $to = $alignment{$align};
			$at = $start + int(($at - $start + $to - 1) / $to) * $to;
		}
		if ($length == -1)
		{
			my $first = ord($self->get($at, 1));
			($header, $length) =
			  $first & 1
			  ? (1, $first >> 1)
			  : (4, unpack('V', $self->get($at, 4)) >> 2);
		}
		$found{$name} = { at => $at, length => $length, header => $header };
		$at += $length;
	}
	return \%found;
}

1;
